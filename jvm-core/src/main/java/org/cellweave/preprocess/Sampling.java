package org.cellweave.preprocess;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.random.Shuffle;
import org.cellweave.util.Check;

/**
 * Draws cells or genes at random, with or without replacement, with equal or given probabilities.
 *
 * <p>Without replacement and with probabilities, each draw is among those left, as if they were
 * taken one by one (exponential keys, Efraimidis and Spirakis). The order is that of the draws.
 *
 * <p>Cost: O(n), with probabilities O(n log n).
 *
 * @see <a href="https://doi.org/10.1016/j.ipl.2005.11.003">Efraimidis 2006</a>
 */
public final class Sampling {
  private static final double SUM_TOLERANCE = 1e-8;

  private Sampling() {}

  /**
   * Exactly one of {@code fraction} and {@code size} is set.
   *
   * @param fraction share to draw, rounded down to a whole number; above 1 only with replacement
   * @param size number to draw
   * @param replace whether one may be drawn twice
   * @param seed of the draws
   */
  public record Params(Double fraction, Integer size, boolean replace, long seed) {
    /** Draws everything, in random order. */
    public static final Params DEFAULTS = builder().fraction(1.0).build();

    public Params {
      if ((fraction == null) == (size == null)) {
        throw new IllegalArgumentException(
            "exactly one of fraction and n must be given, got "
                + (size == null ? "neither" : "fraction " + fraction + " and n " + size));
      }
      if (size != null) {
        Check.nonNegative(size, "n");
      } else if (replace) {
        Check.nonNegative(fraction, "fraction");
      } else {
        Check.inRange(fraction, 0, 1, "fraction");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Double fraction = null;
      private Integer size = null;
      private boolean replace = false;
      private long seed = 0;

      public Builder fraction(Double value) {
        this.fraction = value;
        return this;
      }

      public Builder size(Integer value) {
        this.size = value;
        return this;
      }

      public Builder replace(boolean value) {
        this.replace = value;
        return this;
      }

      public Builder seed(long value) {
        this.seed = value;
        return this;
      }

      public Params build() {
        return new Params(fraction, size, replace, seed);
      }
    }
  }

  /**
   * @param n number there is
   * @param probabilities one for each, with sum 1; null for equal ones
   * @return positions drawn, in the order of the draws
   */
  public static int[] run(int n, double[] probabilities, Params params) {
    int size = size(n, params);
    if (probabilities != null) {
      checkProbabilities(probabilities, n, size, params.replace());
    }
    if (size > 0 && n == 0) {
      throw new IllegalArgumentException("cannot draw " + size + " from nothing");
    }
    var random = new SplittableRandom(params.seed());
    if (probabilities == null) {
      return params.replace() ? repeated(n, size, random) : Shuffle.sample(n, size, random);
    }
    return params.replace()
        ? repeated(probabilities, size, random)
        : raced(probabilities, size, random);
  }

  private static int size(int n, Params params) {
    long size = params.size() != null ? params.size() : (long) (params.fraction() * n);
    if (!params.replace() && size > n) {
      throw new IllegalArgumentException(
          "n must be at most " + n + " without replacement, got " + size + ". Set replace = true");
    }
    if (size > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException("cannot draw " + size + ", the limit is 2^31");
    }
    return (int) size;
  }

  private static void checkProbabilities(double[] p, int n, int size, boolean replace) {
    Check.sameLength(p.length, n, "p", "the number to draw from");
    double sum = 0;
    int possible = 0;
    for (int i = 0; i < n; i++) {
      if (!(p[i] >= 0)) {
        throw new IllegalArgumentException(
            "p must not be negative or NaN, but p[" + i + "] is " + p[i]);
      }
      sum += p[i];
      possible += p[i] > 0 ? 1 : 0;
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new IllegalArgumentException(
          "probabilities p must sum to 1, got " + sum + ". Divide them by their sum");
    }
    if (!replace && possible < size) {
      throw new IllegalArgumentException(
          "cannot draw " + size + " without replacement: only " + possible + " have p above 0");
    }
  }

  private static int[] repeated(int n, int size, SplittableRandom random) {
    int[] drawn = new int[size];
    for (int i = 0; i < size; i++) {
      drawn[i] = random.nextInt(n);
    }
    return drawn;
  }

  private static int[] repeated(double[] p, int size, SplittableRandom random) {
    double[] below = new double[p.length];
    double sum = 0;
    int last = 0;
    for (int i = 0; i < p.length; i++) {
      sum += p[i];
      below[i] = sum;
      last = p[i] > 0 ? i : last;
    }
    int[] drawn = new int[size];
    for (int k = 0; k < size; k++) {
      double u = random.nextDouble() * sum;
      int low = 0;
      int high = last;
      // the first whose sum is above u
      while (low < high) {
        int mid = (low + high) >>> 1;
        if (below[mid] > u) {
          high = mid;
        } else {
          low = mid + 1;
        }
      }
      drawn[k] = low;
    }
    return drawn;
  }

  private static int[] raced(double[] p, int size, SplittableRandom random) {
    double[] finish = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      double u = 1 - random.nextDouble();
      finish[i] = p[i] == 0 ? Double.POSITIVE_INFINITY : -StrictMath.log(u) / p[i];
    }
    Integer[] order = new Integer[p.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, java.util.Comparator.comparingDouble(i -> finish[i]));
    int[] drawn = new int[size];
    for (int k = 0; k < size; k++) {
      drawn[k] = order[k];
    }
    return drawn;
  }
}
