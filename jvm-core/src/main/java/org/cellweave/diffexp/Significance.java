package org.cellweave.diffexp;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.RegularizedBeta;
import org.apache.commons.numbers.gamma.RegularizedGamma;
import org.cellweave.internal.Ordering;

/** p-values of test statistics, accurate far into the tails, and their adjustment. */
public final class Significance {
  private static final double SQRT_HALF = Math.sqrt(0.5);

  private Significance() {}

  /** Two-sided p-value of a standard normal statistic. */
  public static double normal(double z) {
    return Erfc.value(Math.abs(z) * SQRT_HALF);
  }

  /** Probability that a standard normal statistic is larger than {@code z}. */
  public static double normalAbove(double z) {
    return 0.5 * Erfc.value(z * SQRT_HALF);
  }

  /** Two-sided p-value of Student's t with {@code df} degrees of freedom, not necessarily whole. */
  public static double student(double t, double df) {
    if (Double.isInfinite(t)) {
      return 0;
    }
    return RegularizedBeta.value(df / (df + t * t), df / 2, 0.5);
  }

  /** Probability that a chi-squared statistic of {@code df} degrees of freedom is larger. */
  public static double chiSquared(double statistic, double df) {
    return Double.isInfinite(statistic)
        ? 0
        : RegularizedGamma.Q.value(df / 2, Math.max(0, statistic) / 2);
  }

  /**
   * Adjusts the p-values that are there: NaN stays NaN and counts for nothing.
   *
   * @param adjustment {@link #benjaminiHochberg} or {@link #bonferroni}
   */
  public static double[] keepingNaN(double[] p, UnaryOperator<double[]> adjustment) {
    int[] known = IntStream.range(0, p.length).filter(i -> !Double.isNaN(p[i])).toArray();
    double[] adjusted = adjustment.apply(Arrays.stream(known).mapToDouble(i -> p[i]).toArray());
    double[] out = new double[p.length];
    Arrays.fill(out, Double.NaN);
    for (int k = 0; k < known.length; k++) {
      out[known[k]] = adjusted[k];
    }
    return out;
  }

  /**
   * Benjamini and Hochberg 1995: the smallest false discovery rate at which each is rejected.
   *
   * @param p p-values; NaN counts as 1
   */
  public static double[] benjaminiHochberg(double[] p) {
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

  public static double[] bonferroni(double[] p) {
    double[] adjusted = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      adjusted[i] = Math.min(1, (Double.isNaN(p[i]) ? 1 : p[i]) * p.length);
    }
    return adjusted;
  }
}
