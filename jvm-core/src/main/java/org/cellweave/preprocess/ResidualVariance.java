package org.cellweave.preprocess;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.matrix.ColumnSums;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Genes of largest variance of clipped Pearson residuals: the flavor {@code pearson_residuals} of
 * scanpy's {@code experimental.pp.highly_variable_genes}.
 *
 * <p>Departures from scanpy: without {@code clip} every batch is clipped at the root of its own
 * number of cells, where scanpy takes that of the first batch for all; ties of variance go to the
 * first gene.
 *
 * <p>Cost: O(nnz + p d) for d distinct totals of cells; a cell's zeros depend on its total alone,
 * so nothing is made dense. Genes without counts in a batch have no variance there. Numbers
 * matched: scanpy 1.11.5.
 *
 * @see <a href="https://doi.org/10.1186/s13059-021-02451-7">Lause 2021</a>
 */
public final class ResidualVariance {
  private ResidualVariance() {}

  /**
   * @param nTopGenes how many genes to select
   * @param residuals theta and clip
   * @param chunkSize genes per unit of work; the result does not depend on it
   */
  public record Params(int nTopGenes, PearsonResiduals.Params residuals, int chunkSize) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nTopGenes, "nTopGenes");
      Check.positive(chunkSize, "chunksize");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nTopGenes = 1000;
      private PearsonResiduals.Params residuals = PearsonResiduals.Params.DEFAULTS;
      private int chunkSize = 1000;

      public Builder nTopGenes(int value) {
        this.nTopGenes = value;
        return this;
      }

      public Builder residuals(PearsonResiduals.Params value) {
        this.residuals = value;
        return this;
      }

      public Builder chunkSize(int value) {
        this.chunkSize = value;
        return this;
      }

      public Params build() {
        return new Params(nTopGenes, residuals, chunkSize);
      }
    }
  }

  /**
   * One value per gene.
   *
   * @param highlyVariable the selection
   * @param means of the counts
   * @param variances of the counts, divided by one less than the number of cells
   * @param residualVariances mean over batches
   * @param rank median rank over batches, NaN where never among the top
   * @param nBatches number of batches that select the gene
   * @param intersection selected in every batch
   * @param nonInteger first value that is not a whole number, or null
   */
  public record Result(
      boolean[] highlyVariable,
      double[] means,
      double[] variances,
      double[] residualVariances,
      double[] rank,
      int[] nBatches,
      boolean[] intersection,
      ValueFacts.Found nonInteger) {}

  /**
   * @param x counts, cells by genes; not changed
   * @param batches null for none
   */
  public static Result run(Matrix x, Categories batches, Params params) {
    if (x.nCols() == 0 || x.nRows() < 2) {
      throw new IllegalArgumentException(
          "highlyVariableGenes needs genes and at least 2 cells, but X is " + x.shape());
    }
    ValueFacts facts = PearsonResiduals.checkCounts(x, "flavor 'pearson_residuals'");
    int nBatches = batches == null ? 1 : batches.nLevels();
    if (batches != null) {
      batches.forCells(x.nRows()).complete().cellsInEach(1, "highlyVariableGenes");
    }
    var totals =
        batches == null
            ? GroupSums.whole(Rows.of(x))
            : GroupSums.byGroup(Rows.of(x), batches.codes(), nBatches);
    ColumnSums[] sums = totals.collect(GroupSums.PLAIN);
    for (ColumnSums s : sums) {
      if (!s.isFinite()) {
        throw Finite.sumsRefused(x, "X", "highlyVariableGenes");
      }
    }
    double[][] variance = variances(x, batches, totals, sums, params);
    var whole = new ColumnSums(x.nCols());
    for (ColumnSums s : sums) {
      whole.addAll(s);
    }
    return select(variance, whole, x.nRows(), params.nTopGenes(), facts.nonInteger());
  }

  /** Variance of the clipped residuals per batch and gene. */
  private static double[][] variances(
      Matrix x, Categories batches, GroupSums totals, ColumnSums[] sums, Params params) {
    double theta = params.residuals().theta();
    int nBatches = sums.length;
    double[][] share = new double[nBatches][x.nCols()];
    double[] clip = new double[nBatches];
    for (int b = 0; b < nBatches; b++) {
      double all = 0;
      for (double s : sums[b].sum()) {
        all += s;
      }
      for (int j = 0; j < x.nCols(); j++) {
        share[b][j] = all == 0 ? 0 : sums[b].sum()[j] / all;
      }
      clip[b] = params.residuals().clipFor(totals.sizes()[b]);
    }
    ColumnSums[] counted =
        totals.collect(
            (batch, at, start, v, n, into) -> {
              double cell = 0;
              for (int k = 0; k < n; k++) {
                cell += v[k];
              }
              double bound = clip[batch];
              double[] genes = share[batch];
              double[] sum = into.sum();
              double[] squares = into.squares();
              for (int k = 0; k < n; k++) {
                int j = at[start + k];
                double mu = genes[j] * cell;
                double zero = Math.max(-bound, -Math.sqrt(mu / (1 + mu / theta)));
                double r = PearsonResiduals.residual(v[k], mu, theta);
                r = v[k] == 0 ? zero : Math.max(-bound, Math.min(bound, r));
                sum[j] += r - zero;
                squares[j] += r * r - zero * zero;
              }
            });
    double[] cells = x.rowSums();
    double[][] variance = new double[nBatches][];
    for (int b = 0; b < nBatches; b++) {
      var zeros = Zeros.of(cells, batches == null ? null : batches.codes(), b);
      double[] genes = share[b];
      double[] out = new double[x.nCols()];
      ColumnSums found = counted[b];
      double bound = clip[b];
      Parallel.forRange(
          x.nCols(),
          params.chunkSize(),
          (from, to) -> zeros.variances(from, to, genes, theta, bound, found, out));
      variance[b] = out;
    }
    return variance;
  }

  /**
   * The residuals all cells of a batch would have without counts.
   *
   * @param totals distinct totals of the cells
   * @param times how many cells have each
   */
  private record Zeros(double[] totals, double[] times, int nCells) {
    static Zeros of(double[] cells, int[] codes, int batch) {
      double[] mine =
          codes == null
              ? cells.clone()
              : java.util.stream.IntStream.range(0, cells.length)
                  .filter(i -> codes[i] == batch)
                  .mapToDouble(i -> cells[i])
                  .toArray();
      Arrays.sort(mine);
      double[] distinct = new double[mine.length];
      double[] times = new double[mine.length];
      int d = 0;
      for (double total : mine) {
        if (d == 0 || distinct[d - 1] != total) {
          distinct[d++] = total;
        }
        times[d - 1]++;
      }
      return new Zeros(Arrays.copyOf(distinct, d), Arrays.copyOf(times, d), mine.length);
    }

    void variances(
        int from,
        int to,
        double[] genes,
        double theta,
        double bound,
        ColumnSums counted,
        double[] out) {
      double[] r = new double[totals.length];
      for (int j = from; j < to; j++) {
        if (genes[j] == 0) {
          continue;
        }
        residuals(r, genes[j], 1 / theta, bound);
        double sum = counted.sum()[j];
        double squares = counted.squares()[j];
        for (int t = 0; t < r.length; t++) {
          double weighted = times[t] * r[t];
          sum += weighted;
          squares += weighted * r[t];
        }
        double mean = sum / nCells;
        out[j] = squares / nCells - mean * mean;
      }
    }

    private void residuals(double[] r, double gene, double inverse, double bound) {
      for (int t = 0; t < r.length; t++) {
        double mu = gene * totals[t];
        r[t] = Math.max(-bound, -Math.sqrt(mu / (1 + mu * inverse)));
      }
    }
  }

  private static Result select(
      double[][] variance, ColumnSums whole, int nCells, int nTop, ValueFacts.Found found) {
    int nGenes = variance[0].length;
    double[] mean = new double[nGenes];
    double[] means = new double[nGenes];
    double[] variances = new double[nGenes];
    for (int j = 0; j < nGenes; j++) {
      for (double[] batch : variance) {
        mean[j] += batch[j] / variance.length;
      }
      means[j] = whole.mean(j, nCells);
      variances[j] = whole.variance(j, nCells);
    }
    var ranked = RankedGenes.of(variance, nTop);
    return new Result(
        ranked.selected(),
        means,
        variances,
        mean,
        ranked.rank(),
        ranked.nBatches(),
        ranked.intersection(),
        found);
  }
}
