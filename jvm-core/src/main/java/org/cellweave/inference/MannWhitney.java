package org.cellweave.inference;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.cellweave.diffexp.Significance;
import org.cellweave.util.Parallel;

/**
 * Mann and Whitney's U test of two independent samples: whether a value of the first tends to be
 * larger than one of the second.
 *
 * <p>Exact p-values count the orders in which the two samples can stand, in whole numbers without
 * limit; they hold without ties alone. The others are those of a normal statistic, corrected for
 * ties. Cost: O(n log n); exact {@code O(n m min(n, m))}.
 *
 * @see <a href="https://doi.org/10.1214/aoms/1177730491">Mann and Whitney 1947</a>
 */
public final class MannWhitney {
  /** Up to this size of a sample {@code AUTO} is exact, if there are no ties. */
  private static final int SMALL = 8;

  private MannWhitney() {}

  /** How the p-value is found. */
  public enum Method {
    /** Exact where a sample has at most eight values and none are equal, else asymptotic. */
    AUTO,
    EXACT,
    ASYMPTOTIC
  }

  /**
   * @param useContinuity takes half a step off the asymptotic statistic
   */
  public record Params(boolean useContinuity, Alternative alternative, Method method) {
    public static final Params DEFAULTS = builder().build();

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private boolean useContinuity = true;
      private Alternative alternative = Alternative.TWO_SIDED;
      private Method method = Method.AUTO;

      private Builder() {}

      public Builder useContinuity(boolean value) {
        useContinuity = value;
        return this;
      }

      public Builder alternative(Alternative value) {
        alternative = value;
        return this;
      }

      public Builder method(Method value) {
        method = value;
        return this;
      }

      public Params build() {
        return new Params(useContinuity, alternative, method);
      }
    }
  }

  /**
   * @param statistic U of the first sample: pairs of which it has the larger value, equal ones half
   */
  public record Result(double statistic, double pvalue) {}

  public static Result run(double[] a, double[] b, Params params) {
    if (a.length == 0 || b.length == 0) {
      return new Result(Double.NaN, Double.NaN);
    }
    var ranks = PooledRanks.of(a, b);
    double pairs = (double) a.length * b.length;
    double first = ranks.sum(0, a.length) - a.length * (a.length + 1.0) / 2;
    double second = pairs - first;
    double u =
        switch (params.alternative()) {
          case GREATER -> first;
          case LESS -> second;
          case TWO_SIDED -> Math.max(first, second);
        };
    boolean exact =
        params.method() == Method.EXACT
            || (params.method() == Method.AUTO
                && Math.min(a.length, b.length) <= SMALL
                && ranks.ties() == 0);
    double p =
        exact
            ? atLeast((long) Math.floor(u), a.length, b.length)
            : normal(u, a.length, b.length, ranks.ties(), params.useContinuity());
    double sides = params.alternative() == Alternative.TWO_SIDED ? 2 : 1;
    return new Result(first, Math.max(0, Math.min(1, sides * p)));
  }

  private static double normal(double u, double n, double m, double ties, boolean continuity) {
    double all = n + m;
    double deviation = Math.sqrt(n * m / 12 * (all + 1 - ties / (all * (all - 1))));
    return Significance.normalAbove((u - n * m / 2 - (continuity ? 0.5 : 0)) / deviation);
  }

  /** Probability that U is at least {@code u} when both samples come from one distribution. */
  private static double atLeast(long u, int n, int m) {
    int most = Math.multiplyExact(n, m);
    // U and n m - U are equally likely: the sum goes over the shorter side
    boolean upper = 2 * u > most;
    int last = (int) (upper ? most - u : u - 1);
    BigInteger[] ways = ways(Math.min(n, m), Math.max(n, m), last);
    BigInteger below = BigInteger.ZERO;
    for (BigInteger way : ways) {
      below = below.add(way);
    }
    BigInteger all = orders(n, m);
    BigInteger wanted = upper ? below : all.subtract(below);
    return new BigDecimal(wanted).divide(new BigDecimal(all), MathContext.DECIMAL64).doubleValue();
  }

  /**
   * In how many orders of {@code m <= n} values among {@code n} others U is 0, 1, ... {@code last}:
   * the coefficients of the product of {@code (1 - q^(n + i)) / (1 - q^i)} for i from 1 to m.
   */
  private static BigInteger[] ways(int m, int n, int last) {
    BigInteger[] ways = new BigInteger[Math.max(0, last + 1)];
    java.util.Arrays.fill(ways, BigInteger.ZERO);
    if (ways.length > 0) {
      ways[0] = BigInteger.ONE;
    }
    for (int i = 1; i <= m; i++) {
      Parallel.checkInterrupted();
      for (int u = ways.length - 1; u >= n + i; u--) {
        ways[u] = ways[u].subtract(ways[u - n - i]);
      }
      for (int u = i; u < ways.length; u++) {
        ways[u] = ways[u].add(ways[u - i]);
      }
    }
    return ways;
  }

  private static BigInteger orders(int n, int m) {
    BigInteger orders = BigInteger.ONE;
    for (int i = 1; i <= Math.min(n, m); i++) {
      orders =
          orders
              .multiply(BigInteger.valueOf((long) Math.max(n, m) + i))
              .divide(BigInteger.valueOf(i));
    }
    return orders;
  }
}
