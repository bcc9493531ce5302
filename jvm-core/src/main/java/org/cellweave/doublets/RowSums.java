package org.cellweave.doublets;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Parallel;

/** Sums of two rows of a sparse matrix. */
final class RowSums {
  private RowSums() {}

  /** Row {@code d} is the sum of rows {@code pairs[2 d]} and {@code pairs[2 d + 1]} of x. */
  static CsrMatrix of(CsrMatrix x, int[] pairs) {
    int n = pairs.length / 2;
    long[] ptr = new long[n + 1];
    Parallel.forRange(
        n,
        1024,
        (from, to) -> {
          for (int d = from; d < to; d++) {
            ptr[d + 1] = merge(x, pairs[2 * d], pairs[2 * d + 1], null, null, 0);
          }
        });
    for (int d = 0; d < n; d++) {
      ptr[d + 1] += ptr[d];
    }
    var out = CsrMatrix.allocate(x.nCols(), ptr, x.dtype(), true);
    out.forBlocks(
        to -> {
          for (int d = to.firstRow(); d < to.endRow(); d++) {
            merge(x, pairs[2 * d], pairs[2 * d + 1], to.indices(), to.values(), to.start(d));
          }
        });
    return out;
  }

  /** Writes the sum of rows a and b from {@code at} on, unless null; returns its length. */
  private static int merge(CsrMatrix x, int a, int b, int[] indices, float[] values, int at) {
    var blockA = x.blockOf(a);
    var blockB = x.blockOf(b);
    int[] columnsA = blockA.indices();
    int[] columnsB = blockB.indices();
    int p = blockA.start(a);
    int q = blockB.start(b);
    int endA = blockA.end(a);
    int endB = blockB.end(b);
    int n = 0;
    while (p < endA || q < endB) {
      int columnA = p < endA ? columnsA[p] : Integer.MAX_VALUE;
      int columnB = q < endB ? columnsB[q] : Integer.MAX_VALUE;
      int column = Math.min(columnA, columnB);
      if (indices != null) {
        float v = columnA == column ? blockA.values()[p] : 0;
        indices[at + n] = column;
        values[at + n] = columnB == column ? v + blockB.values()[q] : v;
      }
      p += columnA == column ? 1 : 0;
      q += columnB == column ? 1 : 0;
      n++;
    }
    return n;
  }
}
