package org.cellweave.integrate.mnn;

/** The value below and at which a wanted part of a total weight lies, without sorting. */
final class WeightedQuantile {
  /** A part of the total that rounding may have made of nothing. */
  private static final double ROUNDING = 1e-12;

  private WeightedQuantile() {}

  /**
   * The smallest value at which the weight of all that are not larger reaches {@code share} of the
   * total; the largest for a share of one. Expected cost O(n).
   *
   * @param values reordered
   * @param weights positive, reordered with them
   */
  static double of(double[] values, double[] weights, int n, double share) {
    double total = 0;
    for (int i = 0; i < n; i++) {
      total += weights[i];
    }
    double wanted = share * total - ROUNDING * total;
    int from = 0;
    int to = n;
    while (to - from > 1) {
      double pivot = middle(values[from], values[(from + to) >>> 1], values[to - 1]);
      // values below the pivot, at it, and above it
      int below = from;
      int above = to;
      double lighter = 0;
      double equal = 0;
      for (int i = from; i < above; ) {
        if (values[i] < pivot) {
          lighter += weights[i];
          swap(values, weights, i++, below++);
        } else if (values[i] > pivot) {
          swap(values, weights, i, --above);
        } else {
          equal += weights[i++];
        }
      }
      if (lighter >= wanted && below > from) {
        to = below;
      } else if (lighter + equal >= wanted || above == to) {
        return pivot;
      } else {
        wanted -= lighter + equal;
        from = above;
      }
    }
    return values[from];
  }

  private static double middle(double a, double b, double c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  private static void swap(double[] values, double[] weights, int i, int j) {
    double value = values[i];
    double weight = weights[i];
    values[i] = values[j];
    weights[i] = weights[j];
    values[j] = value;
    weights[j] = weight;
  }
}
