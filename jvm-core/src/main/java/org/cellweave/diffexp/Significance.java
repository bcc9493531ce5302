package org.cellweave.diffexp;

import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.RegularizedBeta;
import org.cellweave.internal.Ordering;

/** p-values of test statistics, accurate far into the tails, and their adjustment. */
final class Significance {
  private static final double SQRT_HALF = Math.sqrt(0.5);

  private Significance() {}

  /** Two-sided p-value of a standard normal statistic. */
  static double normal(double z) {
    return Erfc.value(Math.abs(z) * SQRT_HALF);
  }

  /** Two-sided p-value of Student's t with {@code df} degrees of freedom, not necessarily whole. */
  static double student(double t, double df) {
    if (Double.isInfinite(t)) {
      return 0;
    }
    return RegularizedBeta.value(df / (df + t * t), df / 2, 0.5);
  }

  /**
   * Benjamini and Hochberg 1995: the smallest false discovery rate at which each is rejected.
   *
   * @param p p-values; NaN counts as 1
   */
  static double[] benjaminiHochberg(double[] p) {
    int n = p.length;
    double[] clean = new double[n];
    for (int i = 0; i < n; i++) {
      clean[i] = Double.isNaN(p[i]) ? 1 : p[i];
    }
    int[] order = Ordering.ascending(clean);
    double[] adjusted = new double[n];
    double smallest = 1;
    for (int r = n - 1; r >= 0; r--) {
      smallest = Math.min(smallest, clean[order[r]] / ((r + 1.0) / n));
      adjusted[order[r]] = smallest;
    }
    return adjusted;
  }

  static double[] bonferroni(double[] p) {
    double[] adjusted = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      adjusted[i] = Math.min(1, (Double.isNaN(p[i]) ? 1 : p[i]) * p.length);
    }
    return adjusted;
  }
}
