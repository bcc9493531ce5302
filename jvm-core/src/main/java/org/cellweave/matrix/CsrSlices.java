package org.cellweave.matrix;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.cellweave.util.Check;

/** Chosen rows or columns of a {@link CsrMatrix}. */
final class CsrSlices {
  private CsrSlices() {}

  /** The given rows in the given order; they may repeat. */
  static CsrMatrix rows(CsrMatrix x, int[] rows) {
    long[] ptr = new long[rows.length + 1];
    for (int r = 0; r < rows.length; r++) {
      Check.index(rows[r], x.nRows(), "row");
      ptr[r + 1] = ptr[r] + x.rowNnz(rows[r]);
    }
    var out = CsrMatrix.allocate(x.nCols(), ptr, x.dtype(), x.isFloat32Stored());
    out.forBlocks(
        to -> {
          for (int r = to.firstRow(); r < to.endRow(); r++) {
            RowStack.copyRow(x.blockOf(rows[r]), rows[r], to, r);
          }
        });
    return out;
  }

  /** The given columns in the given order; they may repeat, which takes a slower way. */
  static CsrMatrix cols(CsrMatrix x, int[] cols) {
    int[] position = new int[x.nCols()];
    Arrays.fill(position, -1);
    boolean distinct = true;
    for (int c = 0; c < cols.length; c++) {
      Check.index(cols[c], x.nCols(), "column");
      distinct &= position[cols[c]] < 0;
      position[cols[c]] = c;
    }
    return distinct
        ? new RowStack(List.of(x), Collections.singletonList(position), cols.length, 0)
            .build(x.dtype(), x.isFloat32Stored())
        : repeated(x, cols);
  }

  private static CsrMatrix repeated(CsrMatrix x, int[] cols) {
    int nCols = x.nCols();
    int[] first = new int[nCols + 1];
    for (int j : cols) {
      first[j + 1]++;
    }
    for (int j = 0; j < nCols; j++) {
      first[j + 1] += first[j];
    }
    int[] places = new int[cols.length];
    int[] fill = first.clone();
    for (int c = 0; c < cols.length; c++) {
      places[fill[cols[c]]++] = c;
    }
    var builder = new CsrBuilder(cols.length, x.dtype(), x.isFloat32Stored());
    int[] at = new int[cols.length];
    double[] v = new double[cols.length];
    var reader = Rows.of(x).reader();
    for (int i = 0; i < x.nRows(); i++) {
      int stored = reader.load(i);
      int n = 0;
      for (int k = 0; k < stored; k++) {
        int j = reader.columns()[reader.start() + k];
        for (int q = first[j]; q < first[j + 1]; q++) {
          at[n] = places[q];
          v[n++] = reader.values()[k];
        }
      }
      builder.addRow(at, v, n);
    }
    return builder.build();
  }
}
