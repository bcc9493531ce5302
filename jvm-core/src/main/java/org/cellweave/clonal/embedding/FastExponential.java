package org.cellweave.clonal.embedding;

/** Exponentials of whole rows, in a form that the JIT turns into vector code. */
final class FastExponential {
  /**
   * Below, the exponential counts as that of this: 4e-18, nothing beside the largest, which is 1.
   */
  private static final double LEAST = -40;

  private FastExponential() {}

  /**
   * Replaces {@code x} by {@code exp(x - shift)}, where nothing exceeds the shift; relative error
   * below 1e-13. A series of the argument's 128th part, squared seven times.
   */
  static void ofShifted(double[] x, int n, double shift) {
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
