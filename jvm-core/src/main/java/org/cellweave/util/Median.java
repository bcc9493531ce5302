package org.cellweave.util;

import java.util.Arrays;

/** The middle of some numbers, or the mean of the middle two. */
public final class Median {
  private Median() {}

  /**
   * @param values not changed
   * @return NaN of none
   */
  public static double of(double[] values) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
