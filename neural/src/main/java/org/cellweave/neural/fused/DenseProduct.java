package org.cellweave.neural.fused;

import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.linalg.Blas;
import org.cellweave.util.Parallel;

/**
 * Products of dense layers, forward and back, in fixed blocks, so that sums keep their order for
 * any number of threads.
 */
final class DenseProduct {
  private static final int ROWS = 64;
  private static final int OUTS = 256;

  private DenseProduct() {}

  /**
   * {@code y = x w^T}: x is rows by inner, w is outs by inner, y is rows by outs.
   *
   * @param scratch as large as y
   */
  static void forward(
      int rows,
      int outs,
      int inner,
      FloatPointer x,
      FloatPointer w,
      FloatPointer scratch,
      float[] y) {
    int rowBlocks = Parallel.nBlocks(rows, 2 * ROWS);
    int outBlocks = Parallel.nBlocks(outs, OUTS);
    Parallel.forBlocks(
        rowBlocks * outBlocks,
        b -> {
          int row = b / outBlocks * 2 * ROWS;
          int out = b % outBlocks * OUTS;
          int m = Math.min(2 * ROWS, rows - row);
          int n = Math.min(OUTS, outs - out);
          long at = (long) row * outs + (long) m * out;
          FloatPointer block = scratch.getPointer(at);
          Blas.gemmNt(
              m,
              n,
              inner,
              x.getPointer((long) row * inner),
              inner,
              w.getPointer((long) out * inner),
              inner,
              block);
          for (int i = 0; i < m; i++) {
            block.position((long) i * n).get(y, (row + i) * outs + out, n);
          }
        });
  }

  /**
   * {@code dx += dy w}.
   *
   * @param scratch as large as dx
   */
  static void addInputGradient(
      int rows,
      int outs,
      int inner,
      FloatPointer dy,
      FloatPointer w,
      FloatPointer scratch,
      float[] dx) {
    int size = outs >= 8 * OUTS ? ROWS / 2 : ROWS;
    Parallel.forRange(
        rows,
        size,
        (from, to) -> {
          int m = to - from;
          FloatPointer block = scratch.getPointer((long) from * inner);
          Blas.gemmNn(m, inner, outs, dy.getPointer((long) from * outs), w, 0, block);
          add(block, from * inner, m * inner, dx);
        });
  }

  /**
   * {@code dw += dy^T x}, or {@code dw =} that.
   *
   * @param scratch as large as dw
   */
  static void weightGradient(
      int rows,
      int outs,
      int inner,
      FloatPointer dy,
      FloatPointer x,
      boolean add,
      FloatPointer scratch,
      float[] dw) {
    Parallel.forRange(
        outs,
        OUTS,
        (from, to) -> {
          int m = to - from;
          FloatPointer block = scratch.getPointer((long) from * inner);
          Blas.gemmTn(m, inner, rows, dy.getPointer(from), outs, x, 0, block);
          if (add) {
            add(block, from * inner, m * inner, dw);
          } else {
            block.get(dw, from * inner, m * inner);
          }
        });
  }

  private static void add(FloatPointer from, int at, int n, float[] to) {
    float[] part = new float[n];
    from.get(part);
    for (int k = 0; k < n; k++) {
      to[at + k] += part[k];
    }
  }
}
