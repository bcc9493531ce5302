package org.cellweave.preprocess;

import java.util.stream.IntStream;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Genes that take the largest part of the counts, averaged over cells, with that part in every
 * cell.
 *
 * <p>Two walks over the stored values; memory beside the result is one number per gene for each of
 * at most 64 groups of rows. Of genes with equal means the first comes first. A cell without counts
 * has 0 percent of every gene, as in scanpy.
 */
public final class HighestExpressed {
  private HighestExpressed() {}

  /**
   * @param nTop number of genes
   */
  public record Params(int nTop) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nTop, "nTop");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nTop = 30;

      public Builder nTop(int value) {
        nTop = value;
        return this;
      }

      public Params build() {
        return new Params(nTop);
      }
    }
  }

  /**
   * @param genes positions of the genes, the largest mean first; fewer than asked for when there
   *     are no more
   * @param meanPercent mean percentage of a cell's counts
   * @param percent percentages of the cells, one array per gene
   */
  public record Result(int[] genes, double[] meanPercent, float[][] percent) {}

  /**
   * @param x cells by genes
   */
  public static Result run(Matrix x, Params params) {
    Rows rows = Rows.of(x);
    double[] totals = new double[rows.nRows()];
    double[] means = means(rows, totals);
    int[] genes =
        IntStream.range(0, means.length)
            .boxed()
            .sorted((a, b) -> Double.compare(means[b], means[a]))
            .limit(params.nTop())
            .mapToInt(Integer::intValue)
            .toArray();
    double[] top = IntStream.of(genes).mapToDouble(j -> means[j]).toArray();
    return new Result(genes, top, percentages(rows, totals, genes));
  }

  private static double[] means(Rows rows, double[] totals) {
    int[] bounds = rows.groupBounds();
    int nCols = rows.nCols();
    var parts =
        Parallel.map(
            bounds.length - 1,
            g -> {
              double[] sum = new double[nCols];
              rows.visit(
                  bounds[g],
                  bounds[g + 1],
                  (i, at, start, v, n) -> {
                    double total = total(i, at, start, v, n);
                    totals[i] = total;
                    for (int k = 0; k < n && total > 0; k++) {
                      sum[at[start + k]] += 100 * v[k] / total;
                    }
                  });
              return sum;
            });
    double[] means = Rows.total(parts, nCols);
    for (int j = 0; j < nCols; j++) {
      means[j] /= Math.max(rows.nRows(), 1);
    }
    return means;
  }

  private static double total(int i, int[] at, int start, double[] v, int n) {
    double total = 0;
    for (int k = 0; k < n; k++) {
      if (!Double.isFinite(v[k])) {
        throw Finite.refusal("X", i, at[start + k], v[k], "highestExprGenes");
      }
      if (v[k] < 0) {
        throw new IllegalArgumentException(
            "percentages of counts need finite values that are not negative, but row "
                + i
                + ", column "
                + at[start + k]
                + " is "
                + v[k]
                + "; pass the layer with counts");
      }
      total += v[k];
    }
    return total;
  }

  private static float[][] percentages(Rows rows, double[] totals, int[] genes) {
    int[] rank = new int[rows.nCols()];
    java.util.Arrays.fill(rank, -1);
    for (int r = 0; r < genes.length; r++) {
      rank[genes[r]] = r;
    }
    float[][] percent = new float[genes.length][rows.nRows()];
    rows.forEach(
        (i, at, start, v, n) -> {
          for (int k = 0; k < n; k++) {
            int r = rank[at[start + k]];
            if (r >= 0 && totals[i] > 0) {
              percent[r][i] = (float) (100 * v[k] / totals[i]);
            }
          }
        });
    return percent;
  }
}
