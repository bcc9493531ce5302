package org.cellweave.inference;

import org.cellweave.internal.Ordering;
import org.cellweave.util.Check;
import org.cellweave.util.Pearson;

/**
 * Pearson's correlation of two samples, or Spearman's, which is that of their ranks, with the
 * p-value of Student's t. NaN where a sample is constant.
 */
public final class CorrelationTest {
  private CorrelationTest() {}

  /**
   * @param statistic the correlation
   */
  public record Result(double statistic, double pvalue) {}

  /** Of the values; of two pairs, which always lie on a line, the p-value is 1. */
  public static Result pearson(double[] a, double[] b, Alternative alternative) {
    Check.sameLength(b.length, a.length, "y", "the length of x");
    if (a.length < 2) {
      throw new IllegalArgumentException("pearsonr needs at least 2 pairs, got " + a.length);
    }
    double r = correlation(a, b);
    boolean line = a.length == 2 && !Double.isNaN(r);
    return new Result(r, line ? 1 : pvalue(r, a.length, alternative));
  }

  /** Of the ranks; of fewer than three pairs the p-value is NaN. */
  public static Result spearman(double[] a, double[] b, Alternative alternative) {
    Check.sameLength(b.length, a.length, "b", "the length of a");
    double r = correlation(Ordering.meanRanks(a), Ordering.meanRanks(b));
    return new Result(r, a.length < 3 ? Double.NaN : pvalue(r, a.length, alternative));
  }

  private static double pvalue(double r, int n, Alternative alternative) {
    double df = n - 2.0;
    return alternative.student(r * Math.sqrt(df / ((1 - r) * (1 + r))), df);
  }

  private static double correlation(double[] a, double[] b) {
    if (isConstant(a) || isConstant(b)) {
      return Double.NaN;
    }
    return Pearson.of(a, b);
  }

  static boolean isConstant(double[] v) {
    for (double value : v) {
      if (value != v[0]) {
        return false;
      }
    }
    return true;
  }
}
