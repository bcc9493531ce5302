package org.cellweave.integrate.harmony;

import org.cellweave.util.Elementary;

/** Exponentials of whole tiles, in a form that the JIT turns into vector code. */
final class FastExp {
  private FastExp() {}

  /**
   * Replaces cosines c by {@code exp(scale (c - 1))}, relative error below 1e-5: a polynomial of
   * the argument's 128th part, squared seven times. {@code scale} is at most 40.
   */
  static void closeness(float[] c, int n, double scale) {
    if (scale <= 20.5) {
      upTo41(c, n, (float) (scale / 64));
    } else {
      upTo82(c, n, (float) (scale / 128));
    }
  }

  private static void upTo41(float[] c, int n, float part) {
    for (int i = 0; i < n; i++) {
      float r = near0((c[i] - 1f) * part);
      r *= r;
      r *= r;
      r *= r;
      r *= r;
      r *= r;
      c[i] = r * r;
    }
  }

  private static void upTo82(float[] c, int n, float part) {
    for (int i = 0; i < n; i++) {
      float r = near0((c[i] - 1f) * part);
      r *= r;
      r *= r;
      r *= r;
      r *= r;
      r *= r;
      r *= r;
      c[i] = r * r;
    }
  }

  /** {@code exp(x)} by its series; small enough for the JIT to take into either loop. */
  private static float near0(float x) {
    return 1f
        + x
            * (1f
                + x
                    * (0.5f
                        + x
                            * (0.16666667f
                                + x
                                    * (0.041666668f
                                        + x
                                            * (0.008333334f
                                                + x
                                                    * (0.0013888889f
                                                        + x
                                                            * (1.984127e-4f
                                                                + x * 2.4801588e-5f)))))));
  }

  /** {@code exp(scale (c - largest c of the row))} by rows; the largest goes to {@code nearest}. */
  static void relativeCloseness(
      float[] c, int rows, int width, double scale, float[] nearest, int from) {
    for (int i = 0; i < rows; i++) {
      float most = c[i * width];
      for (int k = 1; k < width; k++) {
        most = Math.max(most, c[i * width + k]);
      }
      nearest[from + i] = most;
      for (int k = 0; k < width; k++) {
        c[i * width + k] = (float) Elementary.exp(scale * (c[i * width + k] - most));
      }
    }
  }
}
