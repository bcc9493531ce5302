package org.cellweave.inference;

import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Student's t-test of two independent samples, or Welch's where their variances may differ.
 *
 * <p>NaN where a variance is not defined or where both samples are the same constant; an infinite
 * statistic where they are different constants. Cost: two passes.
 *
 * @see <a href="https://doi.org/10.1093/biomet/34.1-2.28">Welch 1947</a>
 */
public final class TTest {
  private static final int BLOCK = 64;

  private TTest() {}

  /**
   * @param equalVar whether both samples have one variance, which is then pooled: Student's test
   */
  public record Params(boolean equalVar, Alternative alternative) {
    public static final Params DEFAULTS = builder().build();

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private boolean equalVar = true;
      private Alternative alternative = Alternative.TWO_SIDED;

      private Builder() {}

      public Builder equalVar(boolean value) {
        equalVar = value;
        return this;
      }

      public Builder alternative(Alternative value) {
        alternative = value;
        return this;
      }

      public Params build() {
        return new Params(equalVar, alternative);
      }
    }
  }

  /**
   * @param statistic t, positive where the first mean is larger
   * @param df degrees of freedom, under Welch's test not whole
   */
  public record Result(double statistic, double pvalue, double df) {
    private static final Result NONE = new Result(Double.NaN, Double.NaN, Double.NaN);
  }

  public static Result run(double[] a, double[] b, Params params) {
    return run(a, a.length, b, b.length, params);
  }

  private static Result run(double[] a, int n, double[] b, int m, Params params) {
    if (n == 0 || m == 0) {
      return Result.NONE;
    }
    double meanA = mean(a, n);
    double meanB = mean(b, m);
    double varianceA = squares(a, n, meanA) / (n - 1);
    double varianceB = squares(b, m, meanB) / (m - 1);
    double df;
    double spread;
    if (params.equalVar()) {
      df = n + m - 2.0;
      double pooled = ((n > 1 ? (n - 1) * varianceA : 0) + (m > 1 ? (m - 1) * varianceB : 0)) / df;
      spread = Math.sqrt(pooled * (1.0 / n + 1.0 / m));
    } else {
      double p = varianceA / n;
      double q = varianceB / m;
      double welch = (p + q) * (p + q) / (p * p / (n - 1) + q * q / (m - 1));
      df = Double.isNaN(welch) ? 1 : welch;
      spread = Math.sqrt(p + q);
    }
    double t = (meanA - meanB) / spread;
    return new Result(t, params.alternative().student(t, df), df);
  }

  private static double mean(double[] v, int n) {
    double sum = 0;
    for (int k = 0; k < n; k++) {
      sum += v[k];
    }
    return sum / n;
  }

  private static double squares(double[] v, int n, double mean) {
    double sum = 0;
    for (int k = 0; k < n; k++) {
      sum += (v[k] - mean) * (v[k] - mean);
    }
    return sum;
  }

  /**
   * Of every column of two matrices; columns are independent, so that threads do not matter.
   *
   * @param omitNaN leaves NaN out; otherwise a column that has one gives NaN
   */
  public static Result[] ofColumns(Matrix a, Matrix b, boolean omitNaN, Params params) {
    Check.sameLength(b.nCols(), a.nCols(), "the columns of b", "the columns of a");
    var left = Rows.of(a.transpose());
    var right = Rows.of(b.transpose());
    var results = new Result[a.nCols()];
    Parallel.forRange(
        results.length,
        BLOCK,
        (from, to) -> {
          double[] x = new double[a.nRows()];
          double[] y = new double[b.nRows()];
          RowReader of = left.reader();
          RowReader with = right.reader();
          for (int j = from; j < to; j++) {
            of.read(j, x);
            with.read(j, y);
            int n = known(x);
            int m = known(y);
            boolean told = omitNaN || (n == x.length && m == y.length);
            results[j] = told ? run(x, n, y, m, params) : Result.NONE;
          }
        });
    return results;
  }

  /** Moves what is not NaN to the front. */
  private static int known(double[] v) {
    int n = 0;
    for (double value : v) {
      if (!Double.isNaN(value)) {
        v[n++] = value;
      }
    }
    return n;
  }
}
