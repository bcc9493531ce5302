package org.cellweave.embed.umap;

import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Elementary;

/**
 * The curve {@code 1 / (1 + a d^2b)} of similarity over distance in the layout.
 *
 * <p>Fitted by damped least squares to a plateau up to {@code minDist} and an exponential decay of
 * scale {@code spread} after it, at 300 points up to three times {@code spread}.
 */
record UmapCurve(double a, double b) {
  private static final int POINTS = 300;
  private static final int MAX_STEPS = 500;

  static UmapCurve fit(double minDist, double spread) {
    double[] x = new double[POINTS];
    double[] y = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = 3 * spread * i / (POINTS - 1);
      y[i] = x[i] < minDist ? 1 : Elementary.exp(-(x[i] - minDist) / spread);
    }
    double a = 1;
    double b = 1;
    double damping = 1e-3;
    double loss = loss(x, y, a, b);
    for (int step = 0; step < MAX_STEPS; step++) {
      double[] s = normalEquations(x, y, a, b);
      double aa = s[0] * (1 + damping);
      double bb = s[2] * (1 + damping);
      double det = aa * bb - s[1] * s[1];
      double da = (bb * s[3] - s[1] * s[4]) / det;
      double db = (aa * s[4] - s[1] * s[3]) / det;
      double next = loss(x, y, a + da, b + db);
      if (a + da > 0 && next <= loss) {
        a += da;
        b += db;
        loss = next;
        damping /= 10;
        if (Math.abs(da) < 1e-12 * a && Math.abs(db) < 1e-12 * b) {
          return new UmapCurve(a, b);
        }
      } else {
        damping *= 10;
        if (damping > 1e12) {
          return new UmapCurve(a, b);
        }
      }
    }
    throw new ConvergenceException(
        "a and b could not be fitted to minDist = "
            + minDist
            + " and spread = "
            + spread
            + ". Give a and b.");
  }

  private static double loss(double[] x, double[] y, double a, double b) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double r = y[i] - 1 / (1 + a * Elementary.pow(x[i], 2 * b));
      sum += r * r;
    }
    return sum;
  }

  /** Sums of squared and mixed derivatives, and of derivatives times residuals. */
  private static double[] normalEquations(double[] x, double[] y, double a, double b) {
    double[] s = new double[5];
    for (int i = 1; i < x.length; i++) {
      double power = Elementary.pow(x[i], 2 * b);
      double f = 1 / (1 + a * power);
      double fa = -power * f * f;
      double fb = -2 * a * power * Elementary.log(x[i]) * f * f;
      double r = y[i] - f;
      s[0] += fa * fa;
      s[1] += fa * fb;
      s[2] += fb * fb;
      s[3] += fa * r;
      s[4] += fb * r;
    }
    return s;
  }
}
