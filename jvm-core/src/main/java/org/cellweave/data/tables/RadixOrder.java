package org.cellweave.data.tables;

/**
 * Rows by whole numbers, stable: digit by digit from the last one, those left out that all rows
 * share. Cost: O(rows) for each digit, with two more arrays of numbers and one of rows.
 */
final class RadixOrder {
  private static final int BITS = 11;
  private static final int VALUES = 1 << BITS;
  private static final int DIGITS = (Long.SIZE + BITS - 1) / BITS;

  private RadixOrder() {}

  /** Sorts the first {@code n} rows by their keys. */
  static void sort(int[] rows, int n, long[] keys) {
    long[] values = new long[n];
    int[][] counts = new int[DIGITS][VALUES];
    for (int i = 0; i < n; i++) {
      // With its first bit turned a number is ordered as its bits are.
      long value = keys[rows[i]] ^ Long.MIN_VALUE;
      values[i] = value;
      for (int d = 0; d < DIGITS; d++) {
        counts[d][digit(value, d)]++;
      }
    }
    int[] from = rows;
    int[] to = new int[n];
    long[] valuesTo = new long[n];
    for (int d = 0; d < DIGITS; d++) {
      if (counts[d][digit(values[0], d)] == n) {
        continue;
      }
      int[] next = starts(counts[d]);
      for (int i = 0; i < n; i++) {
        int at = next[digit(values[i], d)]++;
        to[at] = from[i];
        valuesTo[at] = values[i];
      }
      int[] swap = from;
      from = to;
      to = swap;
      long[] swapped = values;
      values = valuesTo;
      valuesTo = swapped;
    }
    if (from != rows) {
      System.arraycopy(from, 0, rows, 0, n);
    }
  }

  private static int digit(long value, int d) {
    return (int) (value >>> (d * BITS)) & (VALUES - 1);
  }

  private static int[] starts(int[] counts) {
    int[] out = new int[counts.length];
    for (int v = 1; v < out.length; v++) {
      out[v] = out[v - 1] + counts[v - 1];
    }
    return out;
  }
}
