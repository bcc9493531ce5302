package org.cellweave.matrix;

import java.util.Arrays;

/** Collects rows of which only the entries in some columns are wanted. */
final class SomeEntries {
  private static final int ROOM = 1 << 12;

  private final boolean[] wanted;
  private final long[] rowPtr;
  private int nRows;
  private int size;
  private int[] columns = new int[ROOM];
  private int[] places = new int[ROOM];
  private float[] narrow;
  private double[] wide;

  /**
   * @param wanted which columns
   * @param nRows at most
   */
  SomeEntries(boolean[] wanted, boolean float32, int nRows) {
    this.wanted = wanted;
    this.rowPtr = new long[nRows + 1];
    this.narrow = float32 ? new float[ROOM] : null;
    this.wide = float32 ? null : new double[ROOM];
  }

  boolean[] wanted() {
    return wanted;
  }

  /** Makes room for a row of {@code n} entries; gives the position of its first. */
  int room(int n) {
    // One more, since an entry that is not wanted is overwritten by the next.
    int least = size + n + 1;
    if (least > columns.length) {
      int length = Math.max(least, columns.length + columns.length / 2);
      columns = Arrays.copyOf(columns, length);
      places = Arrays.copyOf(places, length);
      narrow = narrow == null ? null : Arrays.copyOf(narrow, length);
      wide = wide == null ? null : Arrays.copyOf(wide, length);
    }
    return size;
  }

  int[] columns() {
    return columns;
  }

  /** Where in their row entries were. */
  int[] places() {
    return places;
  }

  float[] narrow() {
    return narrow;
  }

  double[] wide() {
    return wide;
  }

  /** Ends the row: its entries lie before position {@code end}. */
  void endRow(int end) {
    size = end;
    rowPtr[++nRows] = end;
  }

  CsrMatrix matrix(DType dtype) {
    var out = CsrMatrix.allocate(wanted.length, rowPtr, dtype, narrow != null);
    for (int b = 0; b < out.blockCount(); b++) {
      CsrMatrix.Block to = out.block(b);
      int from = (int) rowPtr[to.firstRow()];
      System.arraycopy(columns, from, to.indices(), 0, to.nnz());
      if (narrow != null) {
        System.arraycopy(narrow, from, to.values(), 0, to.nnz());
      } else {
        System.arraycopy(wide, from, to.wideValues(), 0, to.nnz());
      }
    }
    return out;
  }
}
