package org.cellweave.matrix;

/** Quantiles of numbers of which many may be zeros that nobody stores, without sorting them. */
final class OrderStatistics {
  private OrderStatistics() {}

  /**
   * The quantile of some numbers, between two of them by their distance (NumPy's {@code linear}).
   *
   * @param values the first {@code n} count and change their order; none is NaN
   * @param zeros how many zeros there are besides
   * @return NaN of none
   */
  static double quantile(double[] values, int n, int zeros, double share) {
    int all = n + zeros;
    if (all == 0) {
      return Double.NaN;
    }
    double at = share * (all - 1);
    int below = (int) at;
    double t = at - below;
    int negative = 0;
    for (int k = 0; k < n; k++) {
      negative += values[k] < 0 ? 1 : 0;
    }
    double low = kth(values, n, negative, zeros, below);
    if (t == 0) {
      return low;
    }
    double high = kth(values, n, negative, zeros, below + 1);
    return t < 0.5 ? low + (high - low) * t : high - (high - low) * (1 - t);
  }

  /** The middle, or the mean of the middle two. */
  static double median(double[] values, int n, int zeros) {
    int all = n + zeros;
    if (all == 0) {
      return Double.NaN;
    }
    int negative = 0;
    for (int k = 0; k < n; k++) {
      negative += values[k] < 0 ? 1 : 0;
    }
    double high = kth(values, n, negative, zeros, all / 2);
    if (all % 2 == 1) {
      return high;
    }
    return (kth(values, n, negative, zeros, all / 2 - 1) + high) / 2;
  }

  private static double kth(double[] values, int n, int negative, int zeros, int k) {
    if (k >= negative && k < negative + zeros) {
      return 0;
    }
    return select(values, n, k < negative ? k : k - zeros);
  }

  /** Hoare's selection with the median of three as pivot; equal values are spread evenly. */
  private static double select(double[] v, int n, int k) {
    int low = 0;
    int high = n - 1;
    while (low < high) {
      double pivot = middle(v[low], v[(low + high) >>> 1], v[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (v[i] < pivot) {
          i++;
        }
        while (v[j] > pivot) {
          j--;
        }
        if (i <= j) {
          double swapped = v[i];
          v[i++] = v[j];
          v[j--] = swapped;
        }
      }
      if (k <= j) {
        high = j;
      } else if (k >= i) {
        low = i;
      } else {
        return v[k];
      }
    }
    return v[k];
  }

  private static double middle(double a, double b, double c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
