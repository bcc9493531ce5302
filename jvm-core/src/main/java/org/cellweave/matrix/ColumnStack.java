package org.cellweave.matrix;

import org.cellweave.util.Check;

/** Matrices beside each other. */
public final class ColumnStack {
  private ColumnStack() {}

  /** The columns of {@code left}, then those of {@code right}, in the type of {@code left}. */
  public static CsrMatrix of(CsrMatrix left, CsrMatrix right) {
    Check.sameLength(right.nRows(), left.nRows(), "the rows of right", "those of left");
    int nCols = Math.addExact(left.nCols(), right.nCols());
    var out = new CsrBuilder(nCols, left.dtype());
    for (int i = 0; i < left.nRows(); i++) {
      int n = left.rowNnz(i) + right.rowNnz(i);
      int[] at = new int[n];
      double[] values = new double[n];
      int next = copy(left, i, 0, 0, at, values);
      copy(right, i, left.nCols(), next, at, values);
      out.addRow(at, values, n);
    }
    return out.build();
  }

  private static int copy(CsrMatrix from, int row, int shift, int next, int[] at, double[] values) {
    var block = from.blockOf(row);
    for (int p = block.start(row); p < block.end(row); p++) {
      at[next] = block.indices()[p] + shift;
      values[next++] = block.value(p);
    }
    return next;
  }
}
