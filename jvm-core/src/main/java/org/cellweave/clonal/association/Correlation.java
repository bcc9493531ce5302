package org.cellweave.clonal.association;

import org.cellweave.diffexp.Significance;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Pearson's or Spearman's correlation of every feature with every response, weighted where the
 * response has weights.
 *
 * <p>Significance is that of Student's t with {@code nEff - 2} degrees of freedom, where {@code
 * nEff = (sum w)^2 / sum w^2}; the slope is that of the response on the feature (on ranks, for
 * Spearman). Ranks are taken without weights, ties share their mean. A feature or response that is
 * constant over the clones that weigh anything has no correlation: NaN.
 *
 * <p>Cost: features times responses times clones; a sparse matrix is made dense one feature at a
 * time. Features are independent, so that threads do not matter.
 *
 * @see <a href="https://doi.org/10.2307/1412159">Spearman 1904</a>
 */
public final class Correlation {
  /** Of two, which always lie on a line, all p-values are NaN. */
  public static final int LEAST_CLONES = 3;

  private static final int BLOCK = 64;

  /** Numbers whose squares neither vanish nor leave the range of float64. */
  private static final double LARGE = 1e100;

  private Correlation() {}

  /** What is correlated: the values, or their ranks. */
  public enum Method {
    PEARSON,
    SPEARMAN
  }

  /**
   * @param method values or ranks
   */
  public record Params(Method method) {
    public static final Params DEFAULTS = builder().build();

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Method method = Method.PEARSON;

      private Builder() {}

      public Builder method(Method value) {
        method = value;
        return this;
      }

      public Params build() {
        return new Params(method);
      }
    }
  }

  /**
   * Features by responses each.
   *
   * @param r the correlation
   * @param pvalue two-sided; NaN where {@code nEff} is at most 2
   * @param slope change of the response for one unit of the feature
   * @param nEff clones, or how many that weigh the same would tell as much
   */
  public record Result(DenseMatrix r, DenseMatrix pvalue, DenseMatrix slope, double nEff) {}

  /**
   * @param x clones by features
   * @param response of the same clones
   */
  public static Result run(Matrix x, Response response, Params params) {
    Check.sameLength(response.values().nRows(), x.nRows(), "the response", "the number of clones");
    Finite.require(x, "X", "associations");
    var table = new Table(x.nCols(), response, params.method() == Method.SPEARMAN);
    var features = Rows.of(x.transpose());
    Parallel.forRange(
        x.nCols(),
        BLOCK,
        (from, to) -> {
          RowReader reader = features.reader();
          double[] values = new double[x.nRows()];
          for (int j = from; j < to; j++) {
            reader.read(j, values);
            table.fill(j, values);
          }
        });
    return table.result();
  }

  /** All features by all responses; each thread fills the rows of its features. */
  private static final class Table {
    private final int nFeatures;
    private final boolean ranked;
    private final Weights weights;
    private final Side[] responses;
    private final double[] weighted;
    private final double[] r;
    private final double[] pvalue;
    private final double[] slope;

    Table(int nFeatures, Response response, boolean ranked) {
      this.nFeatures = nFeatures;
      this.ranked = ranked;
      int nClones = response.values().nRows();
      weights = new Weights(response.weights(), nClones);
      double[][] y = response.columns();
      responses = new Side[y.length];
      for (int k = 0; k < y.length; k++) {
        responses[k] = Side.of(y[k], ranked, weights);
      }
      weighted = interleaved(responses, weights, nClones);
      r = new double[Math.multiplyExact(nFeatures, y.length)];
      pvalue = new double[r.length];
      slope = new double[r.length];
    }

    /**
     * @param values of the feature; overwritten
     */
    void fill(int feature, double[] values) {
      var side = Side.of(values, ranked, weights);
      double[] products = side.products(weighted, responses.length);
      for (int k = 0; k < responses.length; k++) {
        int at = feature * responses.length + k;
        r[at] = ratio(products[k], side.norm * responses[k].norm);
        pvalue[at] = weights.pvalue(r[at]);
        int power = side.power - responses[k].power;
        slope[at] = Math.scalb(r[at] * responses[k].norm / side.norm, power);
      }
    }

    Result result() {
      int n = responses.length;
      return new Result(
          DenseMatrix.wrap(r, nFeatures, n),
          DenseMatrix.wrap(pvalue, nFeatures, n),
          DenseMatrix.wrap(slope, nFeatures, n),
          weights.nEff);
    }
  }

  /** Rounding must not carry it past one, where the t statistic has no value. */
  private static double ratio(double product, double norms) {
    return norms == 0 ? Double.NaN : Math.max(-1, Math.min(1, product / norms));
  }

  /** Weighted responses, those of a clone next to each other. */
  private static double[] interleaved(Side[] sides, Weights weights, int n) {
    double[] all = new double[Math.multiplyExact(n, sides.length)];
    for (int r = 0; r < sides.length; r++) {
      for (int i = 0; i < n; i++) {
        all[i * sides.length + r] = weights.of(i) * sides[r].values[i];
      }
    }
    return all;
  }

  /** What the clones weigh. */
  private static final class Weights {
    private final double[] weights;
    private final double total;
    private final double nEff;

    Weights(double[] weights, int n) {
      this.weights = weights;
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < n; i++) {
        sum += of(i);
        squares += of(i) * of(i);
      }
      total = sum;
      nEff = squares == 0 ? 0 : sum * sum / squares;
      if (!(sum > 0)) {
        throw new IllegalArgumentException(
            "associations needs clones that weigh something, but "
                + (n == 0 ? "no clone is left" : "all " + n + " rows of the response sum to zero"));
      }
    }

    double of(int clone) {
      return weights == null ? 1 : weights[clone];
    }

    double pvalue(double r) {
      if (Double.isNaN(r) || nEff <= 2) {
        return Double.NaN;
      }
      double df = nEff - 2;
      return Significance.student(r * Math.sqrt(df / (1 - r * r)), df);
    }
  }

  /** Numbers of the clones around their mean, or their ranks. */
  private static final class Side {
    private final double[] values;

    /** Root of the weighted sum of squares; 0 for a constant. */
    private final double norm;

    /** Of two, which very large and very small numbers were multiplied by. */
    private final int power;

    private Side(double[] values, double norm, int power) {
      this.values = values;
      this.norm = norm;
      this.power = power;
    }

    static Side of(double[] given, boolean ranked, Weights weights) {
      double[] values = ranked ? Ordering.meanRanks(given) : given;
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < values.length; i++) {
        if (weights.of(i) > 0) {
          least = Math.min(least, values[i]);
          most = Math.max(most, values[i]);
        }
      }
      int power = power(Math.max(Math.abs(least), Math.abs(most)));
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = power == 0 ? values[i] : Math.scalb(values[i], power);
        sum += weights.of(i) * values[i];
      }
      double mean = sum / weights.total;
      double squares = 0;
      for (int i = 0; i < values.length; i++) {
        values[i] -= mean;
        squares += weights.of(i) * values[i] * values[i];
      }
      // the mean of equal numbers is not always that number, so that squares would not be zero
      return new Side(values, least == most ? 0 : Math.sqrt(squares), power);
    }

    /** Brings the largest number near one where its square would not do. */
    private static int power(double largest) {
      boolean fits = largest == 0 || (largest > 1 / LARGE && largest < LARGE);
      return fits ? 0 : -Math.getExponent(largest);
    }

    /** Products with responses that stand as {@link #interleaved} leaves them. */
    double[] products(double[] all, int n) {
      double[] out = new double[n];
      for (int i = 0; i < values.length; i++) {
        double v = values[i];
        int at = i * n;
        for (int r = 0; r < n; r++) {
          out[r] += v * all[at + r];
        }
      }
      return out;
    }
  }
}
