package org.cellweave.matrix;

import org.cellweave.util.Parallel;

/** Sums, differences and products of two sparse matrices of the same shape, row by row. */
final class SparsePairs {
  private SparsePairs() {}

  static Matrix of(Matrix x, Arithmetic operation, Matrix other, DType type) {
    switch (operation) {
      case PLUS, MINUS, TIMES, MINIMUM, MAXIMUM -> {}
      default -> throw Elementwise.notSparse(x, operation.said("x", "y"));
    }
    if (x instanceof CscMatrix a && other instanceof CscMatrix b) {
      return new CscMatrix((CsrMatrix) of(a.columns(), operation, b.columns(), type));
    }
    return merged(x.toCsr(), operation, other.toCsr(), type);
  }

  private static Matrix merged(CsrMatrix x, Arithmetic operation, CsrMatrix y, DType type) {
    long[] ptr = new long[x.nRows() + 1];
    Parallel.forRange(
        x.nRows(),
        1024,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            ptr[i + 1] = row(x.blockOf(i), y.blockOf(i), i, operation, null, 0);
          }
        });
    for (int i = 0; i < x.nRows(); i++) {
      ptr[i + 1] += ptr[i];
    }
    DType held = type.isFloating() ? type : DType.INT64;
    boolean narrow = type.isFloating() && type != DType.FLOAT64;
    var out = CsrMatrix.allocate(x.nCols(), ptr, held, narrow);
    out.forBlocks(
        to -> {
          for (int i = to.firstRow(); i < to.endRow(); i++) {
            row(x.blockOf(i), y.blockOf(i), i, operation, to, to.start(i));
          }
        });
    return Elementwise.fitted(EachPlace.compacted(out), type);
  }

  /**
   * Walks over the columns that either has.
   *
   * @param to null to count alone
   * @return how many there are
   */
  private static int row(
      CsrMatrix.Block x,
      CsrMatrix.Block y,
      int i,
      Arithmetic operation,
      CsrMatrix.Block to,
      int at) {
    double[] a = new double[1];
    double[] b = new double[1];
    int p = x.start(i);
    int q = y.start(i);
    int n = 0;
    while (p < x.end(i) || q < y.end(i)) {
      int left = p < x.end(i) ? x.indices()[p] : Integer.MAX_VALUE;
      int right = q < y.end(i) ? y.indices()[q] : Integer.MAX_VALUE;
      if (to != null) {
        a[0] = left <= right ? x.value(p) : 0;
        b[0] = right <= left ? y.value(q) : 0;
        operation.apply(a, b, 1);
        to.indices()[at + n] = Math.min(left, right);
        EachPlace.put(to, at + n, a[0]);
      }
      n++;
      p += left <= right ? 1 : 0;
      q += right <= left ? 1 : 0;
    }
    return n;
  }
}
