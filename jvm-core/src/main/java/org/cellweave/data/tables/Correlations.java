package org.cellweave.data.tables;

import java.util.Arrays;
import org.cellweave.data.NumericColumn;

/** Correlations of numbers over the rows in which both are there. */
public final class Correlations {
  private Correlations() {}

  /**
   * @param ranked Spearman's, of places with ties shared; otherwise Pearson's
   * @return NaN where one of them does not vary
   */
  public static double of(double[] a, double[] b, boolean ranked) {
    double[] x = new double[a.length];
    double[] y = new double[a.length];
    int n = 0;
    for (int i = 0; i < a.length; i++) {
      if (!Double.isNaN(a[i]) && !Double.isNaN(b[i])) {
        x[n] = a[i];
        y[n++] = b[i];
      }
    }
    x = Arrays.copyOf(x, n);
    y = Arrays.copyOf(y, n);
    if (ranked) {
      x = Ranks.of(NumericColumn.of(x), Ranks.Ties.AVERAGE, true);
      y = Ranks.of(NumericColumn.of(y), Ranks.Ties.AVERAGE, true);
    }
    return pearson(x, y);
  }

  private static double pearson(double[] x, double[] y) {
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
    double r = xy / Math.sqrt(xx * yy);
    return Math.max(-1, Math.min(1, r));
  }
}
