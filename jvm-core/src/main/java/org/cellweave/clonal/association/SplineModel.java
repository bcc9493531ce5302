package org.cellweave.clonal.association;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.cellweave.diffexp.Significance;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * A smooth curve of every response over every feature: cubic splines, by least squares or, where
 * the response has weights, as a logistic curve through shares of counts.
 *
 * <p>The numbers are those of statsmodels' GLM on {@code bs(x, df)}: its Cox-Snell statistic takes
 * the likelihood of the constant at the variance of the curve, so that of a straight line it is not
 * the share of variance explained. The p-value is that of the likelihood ratio between curve and
 * constant. A feature whose values are all close, a response that is constant over the clones that
 * weigh anything, and fewer clones than a curve has coefficients give NaN.
 *
 * <p>Cost: O(n df^2) per feature, O(n df) per response of it, and O(m df^2) per iteration of a
 * logistic curve on a feature of m values. Features are independent, so that threads do not matter.
 *
 * @see <a href="https://doi.org/10.1214/ss/1177013604">Hastie and Tibshirani 1986</a>
 * @see <a href="https://www.jstor.org/stable/2344614">Nelder and Wedderburn 1972</a>
 */
public final class SplineModel {
  private static final int BLOCK = 8;

  /** Of a cubic curve. */
  public static final int LEAST_SPLINES = SplineBasis.DEGREE;

  /** Of a curve, and columns of the basis of each feature. */
  private static final int MOST_SPLINES = 1000;

  private SplineModel() {}

  /**
   * @param splineDf splines beside the constant
   */
  public record Params(int splineDf) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (splineDf < LEAST_SPLINES) {
        throw new IllegalArgumentException(
            "splineDf must be at least 3, as cubic splines need, got " + splineDf);
      }
      Check.atMost(splineDf, MOST_SPLINES, "splineDf");
    }

    /** Of fewer, a feature without ties has no curve: NaN. */
    public int leastClones() {
      return splineDf + 2;
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int splineDf = 5;

      private Builder() {}

      public Builder splineDf(int value) {
        splineDf = value;
        return this;
      }

      public Params build() {
        return new Params(splineDf);
      }
    }
  }

  /**
   * Features by responses each.
   *
   * @param r2 Cox and Snell's statistic
   * @param amplitude between the highest and the lowest fitted value
   * @param slope fitted value at the largest value of the feature less that at the smallest
   * @param pvalue of the likelihood ratio
   */
  public record Result(
      DenseMatrix r2, DenseMatrix amplitude, DenseMatrix slope, DenseMatrix pvalue) {}

  public static Result run(Matrix x, Response response, Params params) {
    return run(x, response, params, Progress.NONE);
  }

  /**
   * @param x clones by features
   * @param response of the same clones; with weights, shares of counts
   */
  public static Result run(Matrix x, Response response, Params params, Progress progress) {
    Check.sameLength(response.values().nRows(), x.nRows(), "the response", "the number of clones");
    Finite.require(x, "X", "associations");
    var fits = new Fits(x.nCols(), response);
    var features = Rows.of(x.transpose());
    var done = new AtomicInteger();
    int blocks = Parallel.nBlocks(x.nCols(), BLOCK);
    Parallel.forRange(
        x.nCols(),
        BLOCK,
        (from, to) -> {
          RowReader reader = features.reader();
          double[] values = new double[x.nRows()];
          for (int j = from; j < to; j++) {
            reader.read(j, values);
            if (values.length > 0 && !SplineBasis.isConstant(values)) {
              fits.fit(j, SplineBasis.of(values, params.splineDf()));
            }
          }
          progress.step("gam", done.incrementAndGet(), blocks, Double.NaN);
        });
    return fits.result();
  }

  /** The curves of all features; each thread writes those of its own. */
  private static final class Fits {
    private final int nFeatures;
    private final double[][] y;
    private final double[] weights;
    private final boolean[] varies;
    private final double[][] stats = new double[4][];

    Fits(int nFeatures, Response response) {
      this.nFeatures = nFeatures;
      y = response.columns();
      weights = response.weights();
      varies = new boolean[y.length];
      for (int r = 0; r < y.length; r++) {
        varies[r] = varies(y[r]);
      }
      for (int s = 0; s < stats.length; s++) {
        stats[s] = new double[Math.multiplyExact(nFeatures, y.length)];
        Arrays.fill(stats[s], Double.NaN);
      }
    }

    private boolean varies(double[] values) {
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < values.length; i++) {
        if (weights == null || weights[i] > 0) {
          least = Math.min(least, values[i]);
          most = Math.max(most, values[i]);
        }
      }
      return least < most;
    }

    void fit(int feature, SplineBasis basis) {
      if (y[0].length <= basis.rank) {
        return;
      }
      var binomial = weights == null ? null : new BinomialSpline(basis);
      double[] curve = new double[basis.nPoints];
      for (int r = 0; r < y.length; r++) {
        if (!varies[r]) {
          continue;
        }
        int at = feature * y.length + r;
        if (binomial == null) {
          gaussian(basis, y[r], curve, at);
        } else {
          double gain = binomial.fit(y[r], weights);
          write(
              at, binomial.share, basis.rank, -Elementary.expm1(-gain * 2 / y[r].length), 2 * gain);
        }
      }
    }

    private void gaussian(SplineBasis basis, double[] values, double[] curve, int at) {
      int n = values.length;
      double mean = Arrays.stream(values).sum() / n;
      double[] coefficients = new double[basis.rank];
      double total = 0;
      for (int i = 0; i < n; i++) {
        double v = values[i] - mean;
        total += v * v;
        for (int c = 0; c < basis.rank; c++) {
          coefficients[c] += v * basis.q[basis.point[i] * basis.rank + c];
        }
      }
      for (int p = 0; p < basis.nPoints; p++) {
        curve[p] = 0;
        for (int c = 0; c < basis.rank; c++) {
          curve[p] += coefficients[c] * basis.q[p * basis.rank + c];
        }
      }
      double left = 0;
      for (int i = 0; i < n; i++) {
        double residual = values[i] - mean - curve[basis.point[i]];
        left += residual * residual;
      }
      double free = 1 - (double) basis.rank / n;
      double r2 = 1 - free * Elementary.exp(1 - free * total / left);
      write(at, curve, basis.rank, r2, n * Elementary.log(total / left));
    }

    private void write(int at, double[] curve, int rank, double r2, double ratio) {
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (double v : curve) {
        least = Math.min(least, v);
        most = Math.max(most, v);
      }
      stats[0][at] = r2;
      stats[1][at] = most - least;
      stats[2][at] = curve[curve.length - 1] - curve[0];
      stats[3][at] = Significance.chiSquared(ratio, rank - 1.0);
    }

    Result result() {
      var made =
          Arrays.stream(stats)
              .map(values -> DenseMatrix.wrap(values, nFeatures, y.length))
              .toArray(DenseMatrix[]::new);
      return new Result(made[0], made[1], made[2], made[3]);
    }
  }
}
