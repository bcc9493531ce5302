package org.cellweave.data.tables;

import java.util.Arrays;

/** Values at places in order without sorting all: Hoare's selection. */
final class Selection {
  private static final int FEW = 64;

  private Selection() {}

  /**
   * The value below which a share lies, as {@link org.cellweave.util.Quantile} has it.
   *
   * @param values without NaN, changed
   * @param n number of them, at the start of the array
   * @return NaN of none
   */
  static double quantile(double[] values, int n, double share) {
    if (n == 0) {
      return Double.NaN;
    }
    double at = share * (n - 1);
    int below = (int) at;
    place(values, 0, n - 1, below);
    double low = values[below];
    if (below + 1 >= n) {
      return low;
    }
    double high = values[below + 1];
    for (int i = below + 2; i < n; i++) {
      high = Math.min(high, values[i]);
    }
    return low + (at - below) * (high - low);
  }

  /** Puts the value of place {@code k} there, smaller ones in front and larger ones behind. */
  private static void place(double[] values, int from, int to, int k) {
    int low = from;
    int high = to;
    int steps = 0;
    while (high - low > FEW) {
      // An order that is made for it would take a time that grows with the square.
      if (++steps > 4 * Long.SIZE) {
        break;
      }
      double pivot = middle(values[low], values[(low + high) >>> 1], values[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[i] < pivot) {
          i++;
        }
        while (values[j] > pivot) {
          j--;
        }
        if (i <= j) {
          double swap = values[i];
          values[i++] = values[j];
          values[j--] = swap;
        }
      }
      if (k <= j) {
        high = j;
      } else if (k >= i) {
        low = i;
      } else {
        return;
      }
    }
    Arrays.sort(values, low, high + 1);
  }

  private static double middle(double a, double b, double c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
