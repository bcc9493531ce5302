package org.cellweave.data.tables;

import java.util.Arrays;
import org.cellweave.data.NumericColumn;
import org.cellweave.util.Pearson;

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
    return Pearson.of(x, y);
  }
}
