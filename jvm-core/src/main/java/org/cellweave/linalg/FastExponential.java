package org.cellweave.linalg;

import java.util.Objects;

/**
 * Exponentials of whole rows, in a form that the JIT turns into vector code, as softmaxes and
 * Poisson means need them: each row is shifted so that its largest entry is at most 0.
 *
 * <p>Error: relative below 1e-13 for differences in [-40, 0], and none at 0. Below -40 the result
 * is that of -40, 4.2e-18: an absolute error of less than that, nothing beside a largest of 1, and
 * never 0. NaN stays NaN. Differences above 0 are not meant. Entries do not depend on their place
 * in the row, so that no cut of the work changes a bit.
 */
public final class FastExponential {
  /** Below, the exponential counts as that of this. */
  private static final double LEAST = -40;

  private FastExponential() {}

  /**
   * Replaces each of the first {@code n} entries by {@code exp(x - shift)}: a series of the
   * difference's 128th part, squared seven times.
   *
   * @param x no entry exceeds the shift; replaced
   * @param shift finite, as a rule the largest entry
   * @throws IndexOutOfBoundsException when there are fewer than {@code n} entries
   */
  public static void ofShifted(double[] x, int n, double shift) {
    Objects.checkFromIndexSize(0, n, x.length);
    for (int i = 0; i < n; i++) {
      double t = Math.max(x[i] - shift, LEAST) * (1.0 / 128);
      double r = series(t);
      r *= r;
      r *= r;
      r *= r;
      r *= r;
      r *= r;
      r *= r;
      x[i] = r * r;
    }
  }

  /**
   * As {@link #ofShifted(double[], int, double)} in float32: replaces each entry by {@code
   * exp(scale x - shift)}, with a relative error below 4e-5 that comes from rounding.
   *
   * @param shift finite, as a rule the largest of {@code scale x}
   */
  public static void ofShifted(float[] x, int n, float scale, float shift) {
    Objects.checkFromIndexSize(0, n, x.length);
    for (int i = 0; i < n; i++) {
      float t = Math.max(scale * x[i] - shift, (float) LEAST) * (1f / 64);
      float r = 1 / 5040f + t * (1 / 40320f);
      r = 1 / 24f + t * (1 / 120f + t * (1 / 720f + t * r));
      r = 1 + t * (1 + t * (1 / 2f + t * (1 / 6f + t * r)));
      r *= r;
      r *= r;
      r *= r;
      r *= r;
      r *= r;
      x[i] = r * r;
    }
  }

  /** The exponential of what is at most 0.3125 in size, to rounding. */
  private static double series(double t) {
    return 1
        + t
            * (1
                + t
                    * (1 / 2.0
                        + t
                            * (1 / 6.0
                                + t
                                    * (1 / 24.0
                                        + t
                                            * (1 / 120.0
                                                + t
                                                    * (1 / 720.0
                                                        + t
                                                            * (1 / 5040.0
                                                                + t
                                                                    * (1 / 40320.0
                                                                        + t
                                                                            * (1 / 362880.0
                                                                                + t
                                                                                    * (1 / 3628800.0
                                                                                        + t
                                                                                            * (1
                                                                                                    / 39916800.0
                                                                                                + t
                                                                                                    / 479001600.0)))))))))));
  }
}
