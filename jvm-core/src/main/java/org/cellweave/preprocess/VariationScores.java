package org.cellweave.preprocess;

import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Genes whose coefficient of variation exceeds a bound, and the z-scores of these.
 *
 * <p>A small number is added to means and deviations before they divide, as the original does. The
 * scores are dense; other genes are never made so. Cost: two passes.
 *
 * @see <a href="https://doi.org/10.1093/bioinformatics/btx792">Weinreb 2018</a>; numbers matched:
 *     scanpy 1.11.5
 */
public final class VariationScores {
  private static final double SMALL = 1e-4;
  private static final int ROWS_PER_BLOCK = 256;

  private VariationScores() {}

  /**
   * @param minMean lower bound of a gene's mean, exclusive
   * @param minCv lower bound of its standard deviation over its mean, exclusive
   */
  public record Params(double minMean, double minCv) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.nonNegative(minMean, "minMean");
      Check.nonNegative(minCv, "minCv");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double minMean = 0.01;
      private double minCv = 2;

      public Builder minMean(double value) {
        minMean = value;
        return this;
      }

      public Builder minCv(double value) {
        minCv = value;
        return this;
      }

      public Params build() {
        return new Params(minMean, minCv);
      }
    }
  }

  /**
   * @param selected one flag per gene
   * @param scores cells by selected genes, float32
   */
  public record Result(boolean[] selected, DenseMatrix scores) {}

  public static Result run(Matrix x, Params params) {
    var moments = x.colMoments(0);
    int genes = x.nCols();
    boolean[] selected = new boolean[genes];
    int[] place = new int[genes];
    int count = 0;
    for (int j = 0; j < genes; j++) {
      double mean = moments.mean()[j];
      double deviation = Math.sqrt(moments.variance()[j]);
      selected[j] = mean > params.minMean() && deviation / (mean + SMALL) > params.minCv();
      place[j] = selected[j] ? count++ : -1;
    }
    return new Result(selected, scores(x, moments, place, count));
  }

  private static DenseMatrix scores(Matrix x, Matrix.Moments moments, int[] place, int count) {
    double[] shift = new double[count];
    double[] factor = new double[count];
    for (int j = 0; j < place.length; j++) {
      if (place[j] >= 0) {
        factor[place[j]] = 1 / (Math.sqrt(moments.variance()[j]) + SMALL);
        shift[place[j]] = -moments.mean()[j] * factor[place[j]];
      }
    }
    var scores = DenseMatrix.zeros(x.nRows(), count, DType.FLOAT32);
    var rows = Rows.of(x);
    Parallel.forRange(
        x.nRows(),
        ROWS_PER_BLOCK,
        (from, to) -> {
          double[] row = new double[count];
          rows.visit(
              from,
              to,
              (i, at, start, values, n) -> {
                System.arraycopy(shift, 0, row, 0, count);
                for (int k = 0; k < n; k++) {
                  int c = place[at[start + k]];
                  if (c >= 0) {
                    row[c] += values[k] * factor[c];
                  }
                }
                scores.setRow(i, row);
              });
        });
    return scores;
  }
}
