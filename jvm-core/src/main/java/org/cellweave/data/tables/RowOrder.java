package org.cellweave.data.tables;

import java.util.Arrays;
import java.util.List;
import org.cellweave.data.Column;
import org.cellweave.util.Check;

/** Orders of rows by their values: stable, missing values last whatever the direction. */
public final class RowOrder {
  private static final int FEW = 1 << 12;

  private RowOrder() {}

  /** By one column. */
  public static int[] of(Column column, boolean ascending) {
    return of(List.of(column), new boolean[] {ascending});
  }

  /**
   * By several columns, the first one first.
   *
   * @param ascending one for each column
   */
  public static int[] of(List<Column> columns, boolean[] ascending) {
    Check.sameLength(ascending.length, columns.size(), "ascending", "the number of columns");
    int[] order = new int[columns.get(0).size()];
    Arrays.setAll(order, i -> i);
    for (int c = columns.size() - 1; c >= 0; c--) {
      order = sorted(order, columns.get(c), ascending[c]);
    }
    return order;
  }

  private static int[] sorted(int[] order, Column column, boolean ascending) {
    long[] keys = SortKeys.of(column);
    boolean[] holesAt = column.missing();
    int[] there = new int[order.length];
    int[] missing = new int[order.length];
    int n = 0;
    int holes = 0;
    for (int row : order) {
      if (holesAt[row]) {
        missing[holes++] = row;
      } else {
        there[n++] = row;
      }
    }
    if (!ascending) {
      for (int i = 0; i < keys.length; i++) {
        keys[i] = ~keys[i];
      }
    }
    merge(there, n, keys);
    System.arraycopy(missing, 0, there, n, holes);
    return there;
  }

  /** Sorts the first {@code n} rows by their keys and keeps equal ones in their order. */
  static void merge(int[] rows, int n, long[] keys) {
    if (n > FEW) {
      RadixOrder.sort(rows, n, keys);
      return;
    }
    int[] from = rows;
    int[] to = new int[n];
    for (int width = 1; width < n; width *= 2) {
      for (int low = 0; low < n; low += 2 * width) {
        mergeRuns(from, to, low, Math.min(low + width, n), Math.min(low + 2 * width, n), keys);
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    if (from != rows) {
      System.arraycopy(from, 0, rows, 0, n);
    }
  }

  private static void mergeRuns(int[] from, int[] to, int low, int middle, int high, long[] keys) {
    if (middle >= high || keys[from[middle - 1]] <= keys[from[middle]]) {
      System.arraycopy(from, low, to, low, high - low);
      return;
    }
    int a = low;
    int b = middle;
    for (int at = low; at < high; at++) {
      boolean left = b >= high || (a < middle && keys[from[a]] <= keys[from[b]]);
      to[at] = left ? from[a++] : from[b++];
    }
  }
}
