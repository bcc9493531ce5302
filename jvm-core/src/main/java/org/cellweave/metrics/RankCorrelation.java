package org.cellweave.metrics;

import org.cellweave.internal.Ordering;
import org.cellweave.util.Check;

/** Spearman's rank correlation; ties get their mean rank. */
public final class RankCorrelation {
  private RankCorrelation() {}

  /**
   * @return NaN when one side is constant
   * @throws IllegalArgumentException when a value is NaN
   */
  public static double spearman(double[] a, double[] b) {
    Check.sameLength(b.length, a.length, "b", "the length of a");
    double[] p = ranks(a, "a");
    double[] q = ranks(b, "b");
    double mean = (a.length + 1) / 2.0;
    double pq = 0;
    double pp = 0;
    double qq = 0;
    for (int i = 0; i < p.length; i++) {
      pq += (p[i] - mean) * (q[i] - mean);
      pp += (p[i] - mean) * (p[i] - mean);
      qq += (q[i] - mean) * (q[i] - mean);
    }
    return pp == 0 || qq == 0 ? Double.NaN : pq / Math.sqrt(pp * qq);
  }

  private static double[] ranks(double[] values, String name) {
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        throw new IllegalArgumentException(name + " must have no NaN, got one at position " + i);
      }
    }
    return Ordering.meanRanks(values);
  }
}
