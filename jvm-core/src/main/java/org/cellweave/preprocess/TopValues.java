package org.cellweave.preprocess;

/** Selection of the largest values of an array. */
final class TopValues {
  private static final int SMALL_COUNTS = 64;

  private TopValues() {}

  /**
   * Moves the {@code n} largest of {@code v[0 .. size)} to the front and returns the sum of the
   * others; order within both parts is free.
   *
   * <p>Most single-cell counts are small whole numbers, so these are settled by counting; the rest
   * goes through quickselect.
   */
  static double splitOff(double[] v, int size, int n) {
    select(v, size, n);
    double rest = 0;
    for (int k = n; k < size; k++) {
      rest += v[k];
    }
    return rest;
  }

  private static void select(double[] v, int size, int n) {
    if (n <= 0 || n >= size || selectByCounting(v, size, n)) {
      return;
    }
    int low = 0;
    int high = size - 1;
    while (low < high) {
      double pivot = medianOfThree(v[low], v[(low + high) >>> 1], v[high]);
      int a = low;
      int b = high;
      while (a <= b) {
        while (v[a] > pivot) {
          a++;
        }
        while (v[b] < pivot) {
          b--;
        }
        if (a <= b) {
          double swap = v[a];
          v[a++] = v[b];
          v[b--] = swap;
        }
      }
      if (n - 1 <= b) {
        high = b;
      } else if (n - 1 >= a) {
        low = a;
      } else {
        return;
      }
    }
  }

  /** Partitions around the n-th largest when that is a whole number below 64. */
  private static boolean selectByCounting(double[] v, int size, int n) {
    int[] histogram = new int[SMALL_COUNTS];
    int large = 0;
    for (int k = 0; k < size; k++) {
      double value = v[k];
      int c = (int) value;
      if (c != value || c < 0) {
        return false;
      }
      if (c < SMALL_COUNTS) {
        histogram[c]++;
      } else {
        large++;
      }
    }
    if (large >= n) {
      return false;
    }
    int threshold = SMALL_COUNTS;
    int above = large;
    while (above + histogram[threshold - 1] < n) {
      above += histogram[--threshold];
    }
    threshold--;
    int tiesToKeep = n - above;
    int front = 0;
    for (int k = 0; k < size; k++) {
      double value = v[k];
      if (value > threshold || (value == threshold && tiesToKeep-- > 0)) {
        v[k] = v[front];
        v[front++] = value;
      }
    }
    return true;
  }

  private static double medianOfThree(double a, double b, double c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
