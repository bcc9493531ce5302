package org.cellweave.diffexp.pseudobulk;

import java.util.Arrays;
import org.cellweave.util.Median;

/** Centres and spreads that a few wild values do not move. */
final class Robust {
  /** Turns the median absolute deviation of normal values into their standard deviation. */
  private static final double NORMAL = 1.482602218505602;

  private Robust() {}

  /** Standard deviation of normal values, by their median absolute deviation. */
  static double spread(double[] values) {
    double centre = Median.of(values);
    return NORMAL * Median.of(Arrays.stream(values).map(v -> Math.abs(v - centre)).toArray());
  }

  /** Mean without {@code floor(share * n)} values at either end; sorts {@code values[0, n)}. */
  static double trimmedMean(double[] values, int n, double share) {
    Arrays.sort(values, 0, n);
    int cut = (int) (share * n);
    double sum = 0;
    for (int k = cut; k < n - cut; k++) {
      sum += values[k];
    }
    return sum / (n - 2 * cut);
  }
}
