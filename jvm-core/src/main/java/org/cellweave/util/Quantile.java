package org.cellweave.util;

/** Values below which a share of some numbers lies. */
public final class Quantile {
  private Quantile() {}

  /**
   * Between two values by their distance, R's type 7 and numpy's {@code linear}.
   *
   * @param sorted ascending
   * @param share between 0 and 1
   * @return NaN of none
   */
  public static double ofSorted(double[] sorted, double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
