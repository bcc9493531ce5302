package org.cellweave.products;

import java.io.Serializable;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.internal.Ordering;
import org.cellweave.util.Parallel;

/**
 * The columns of a sparse matrix in another order: first those whose products are made entry by
 * entry, then those that have so many entries that BLAS is faster; within each as they were.
 *
 * @param place of every column
 * @param nSparse columns before the first of many entries
 */
record ColumnSplit(int[] place, int nSparse) implements Serializable {
  /** Products that BLAS makes in the time of one that is made by itself. */
  private static final double GAIN = 24;

  private static final int LEAST_DENSE = 64;
  private static final int BLOCK = 32;

  /**
   * Where all products take the least time.
   *
   * @param counts entries of every column in some rows
   * @param nRows number of these rows
   */
  static ColumnSplit of(double[] counts, int nRows) {
    int size = counts.length;
    int[] order = Ordering.descending(counts);
    double inRow = 0;
    double saved = 0;
    double most = 0;
    int dense = 0;
    for (int k = 0; k < size; k++) {
      double share = counts[order[k]] / nRows;
      inRow += share;
      saved += GAIN * share * inRow - k - 1;
      if (saved > most) {
        most = saved;
        dense = k + 1;
      }
    }
    boolean[] many = new boolean[size];
    for (int k = 0; k < dense && dense >= LEAST_DENSE; k++) {
      many[order[k]] = true;
    }
    int few = dense < LEAST_DENSE ? size : size - dense;
    int[] place = new int[size];
    int[] next = {0, few};
    for (int j = 0; j < size; j++) {
      place[j] = next[many[j] ? 1 : 0]++;
    }
    return new ColumnSplit(place, few);
  }

  int size() {
    return place.length;
  }

  int nDense() {
    return place.length - nSparse;
  }

  /** Numbers of the columns as they were. */
  void restore(double[] from, double[] to) {
    Arrays.setAll(to, j -> from[place[j]]);
  }

  /**
   * The upper triangle for the columns as they were.
   *
   * @param upper row by row, for columns in this order
   * @return off-heap and row-major; what is below the diagonal is zero
   */
  DoublePointer restored(double[][] upper) {
    int size = size();
    var out = NativeMemory.doubles((long) size * size);
    Parallel.forRange(
        size,
        BLOCK,
        (from, to) -> {
          double[] row = new double[size];
          for (int i = from; i < to; i++) {
            Arrays.fill(row, 0, i, 0);
            restoreRow(upper, i, row);
            // a view, which has no memory of its own
            out.getPointer((long) i * size).put(row);
          }
        });
    return out;
  }

  private void restoreRow(double[][] upper, int i, double[] row) {
    int own = place[i];
    double[] ofOwn = upper[own];
    for (int j = i; j < row.length; j++) {
      int other = place[j];
      row[j] = other >= own ? ofOwn[other] : upper[other][own];
    }
  }
}
