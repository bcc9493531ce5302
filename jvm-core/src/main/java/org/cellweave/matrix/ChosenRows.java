package org.cellweave.matrix;

import org.cellweave.util.Check;

/** Some rows of another store, in any order. */
record ChosenRows(RowStore of, int[] rows, long[] rowPtr) implements RowStep {
  /** Up to so many values a selection is read at once. */
  private static final long SMALL = 2L * CsrMatrix.BLOCK_NNZ;

  static CsrMatrix of(CsrMatrix x, int[] rows) {
    long[] ptr = new long[rows.length + 1];
    for (int r = 0; r < rows.length; r++) {
      Check.index(rows[r], x.nRows(), "row");
      ptr[r + 1] = ptr[r] + x.rowNnz(rows[r]);
    }
    return ptr[rows.length] <= SMALL
        ? x.store().read(rows)
        : CsrMatrix.of(new ChosenRows(x.store(), rows.clone(), ptr));
  }

  @Override
  public int nRows() {
    return rows.length;
  }

  @Override
  public CsrMatrix read(int[] wanted) {
    return of.read(places(wanted));
  }

  @Override
  public CsrMatrix read(int[] wanted, boolean[] columns) {
    return of.read(places(wanted), columns);
  }

  private int[] places(int[] wanted) {
    int[] at = new int[wanted.length];
    for (int r = 0; r < wanted.length; r++) {
      at[r] = rows[wanted[r]];
    }
    return at;
  }
}
