package org.cellweave.neural.fused;

/** Exponentials and logarithms of whole rows, in a form that the JIT turns into vector code. */
public final class Exponentials {
  /** Exponents beyond this, up or down, count as this: 4e-18 and 2e17. */
  private static final double MOST = 40;

  private Exponentials() {}

  /**
   * Replaces {@code x} by {@code exp(x - shift)}; relative error below 2e-8. A series of the
   * argument's 128th part, squared seven times.
   */
  public static void ofShifted(double[] x, int n, double shift) {
    for (int i = 0; i < n; i++) {
      double t = Math.min(MOST, Math.max(x[i] - shift, -MOST)) * (1.0 / 128);
      x[i] = ofPart(t);
    }
  }

  /**
   * Writes {@code exp(x - most)} as {@link #ofShifted} does, in less time.
   *
   * @param most no value is larger
   * @param to may be {@code x}
   */
  static void ofAtMost(double[] x, int n, double most, double[] to) {
    for (int i = 0; i < n; i++) {
      double t = Math.max(x[i] - most, -MOST) * (1.0 / 128);
      to[i] = ofPart(t);
    }
  }

  /** The exponential of 128 t. */
  private static double ofPart(double t) {
    double r = series(t);
    r *= r;
    r *= r;
    r *= r;
    r *= r;
    r *= r;
    r *= r;
    return r * r;
  }

  /** The exponential of what is at most 0.3125 in size. */
  private static double series(double t) {
    double r = Math.fma(t, 1 / 40320.0, 1 / 5040.0);
    r = Math.fma(t, r, 1 / 720.0);
    r = Math.fma(t, r, 1 / 120.0);
    r = Math.fma(t, r, 1 / 24.0);
    r = Math.fma(t, r, 1 / 6.0);
    r = Math.fma(t, r, 1 / 2.0);
    r = Math.fma(t, r, 1);
    return Math.fma(t, r, 1);
  }

  /** Replaces {@code u} by {@link #log1p(double)}. */
  static void log1p(double[] u, int n) {
    for (int i = 0; i < n; i++) {
      u[i] = log1p(u[i]);
    }
  }

  /**
   * The logarithm of {@code 1 + u} for u in [0, 1]; absolute error below 1e-10. By the series of
   * the inverse hyperbolic tangent.
   */
  static double log1p(double u) {
    double s = u / (2 + u);
    double q = s * s;
    double r = Math.fma(q, 1 / 17.0, 1 / 15.0);
    r = Math.fma(q, r, 1 / 13.0);
    r = Math.fma(q, r, 1 / 11.0);
    r = Math.fma(q, r, 1 / 9.0);
    r = Math.fma(q, r, 1 / 7.0);
    r = Math.fma(q, r, 1 / 5.0);
    r = Math.fma(q, r, 1 / 3.0);
    r = Math.fma(q, r, 1);
    return 2 * s * r;
  }
}
