package org.cellweave.util;

import java.util.Arrays;

/** Pearson's correlation of two samples. */
public final class Pearson {
  private Pearson() {}

  /** Of pairs that are all there; NaN where one of them does not vary. */
  public static double of(double[] x, double[] y) {
    double meanX = Arrays.stream(x).sum() / x.length;
    double meanY = Arrays.stream(y).sum() / y.length;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      double dx = x[i] - meanX;
      double dy = y[i] - meanY;
      xx += dx * dx;
      yy += dy * dy;
      xy += dx * dy;
    }
    // The product of the roots, since that of the squares may leave the range of float64.
    double r = xy / (Math.sqrt(xx) * Math.sqrt(yy));
    return Math.max(-1, Math.min(1, r));
  }
}
