package org.cellweave.internal;

import java.util.Arrays;

/** Sorting permutations of primitive arrays, stable, without boxing. */
public final class Ordering {
  private Ordering() {}

  /**
   * Positions of {@code values} from smallest to largest; ties keep their order, NaN comes last.
   */
  public static int[] ascending(double[] values) {
    int n = values.length;
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    sort(order, values, new int[n], 0, n);
    return order;
  }

  /** Positions from largest to smallest; ties keep their order, NaN comes last. */
  public static int[] descending(double[] values) {
    double[] negated = new double[values.length];
    for (int i = 0; i < negated.length; i++) {
      negated[i] = -values[i];
    }
    return ascending(negated);
  }

  /** Ranks from 1, the smallest value first; equal values share the mean of their ranks. */
  public static double[] meanRanks(double[] values) {
    int[] order = ascending(values);
    double[] ranks = new double[values.length];
    int at = 0;
    while (at < order.length) {
      int end = at + 1;
      while (end < order.length && values[order[end]] == values[order[at]]) {
        end++;
      }
      for (int p = at; p < end; p++) {
        ranks[order[p]] = (at + 1 + end) / 2.0;
      }
      at = end;
    }
    return ranks;
  }

  private static void sort(int[] order, double[] values, int[] scratch, int from, int to) {
    if (to - from < 16) {
      insertionSort(order, values, from, to);
      return;
    }
    int mid = (from + to) >>> 1;
    sort(order, values, scratch, from, mid);
    sort(order, values, scratch, mid, to);
    if (Double.compare(values[order[mid - 1]], values[order[mid]]) <= 0) {
      return;
    }
    System.arraycopy(order, from, scratch, from, to - from);
    int left = from;
    int right = mid;
    for (int at = from; at < to; at++) {
      boolean takeLeft =
          right >= to
              || (left < mid && Double.compare(values[scratch[left]], values[scratch[right]]) <= 0);
      order[at] = takeLeft ? scratch[left++] : scratch[right++];
    }
  }

  private static void insertionSort(int[] order, double[] values, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      int moved = order[i];
      int j = i - 1;
      while (j >= from && Double.compare(values[order[j]], values[moved]) > 0) {
        order[j + 1] = order[j];
        j--;
      }
      order[j + 1] = moved;
    }
  }

  /** The first {@code n} entries. */
  public static int[] head(int[] order, int n) {
    return n >= order.length ? order : Arrays.copyOf(order, n);
  }
}
