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
  private static final int OUTS = 512;

  private DenseProduct() {}

  /** {@code y = x w^T}: x is rows by inner, w is outs by inner, y is rows by outs. */
  static void forward(int rows, int outs, int inner, FloatPointer x, FloatPointer w, float[] y) {
    int rowBlocks = Parallel.nBlocks(rows, 2 * ROWS);
    int outBlocks = Parallel.nBlocks(outs, OUTS);
    Parallel.forBlocks(
        rowBlocks * outBlocks,
        b -> {
          int row = b / outBlocks * 2 * ROWS;
          int out = b % outBlocks * OUTS;
          int m = Math.min(2 * ROWS, rows - row);
          int n = Math.min(OUTS, outs - out);
          try (var block = Blas.floats((long) m * n)) {
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
            block.position(0);
          }
        });
  }

  /** {@code dx += dy w}. */
  static void addInputGradient(
      int rows, int outs, int inner, FloatPointer dy, FloatPointer w, float[] dx) {
    int size = outs >= 4 * OUTS ? ROWS / 2 : ROWS;
    Parallel.forRange(
        rows,
        size,
        (from, to) -> {
          int m = to - from;
          try (var block = Blas.floats((long) m * inner)) {
            Blas.gemmNn(m, inner, outs, dy.getPointer((long) from * outs), w, 0, block);
            float[] part = new float[m * inner];
            block.get(part);
            int at = from * inner;
            for (int k = 0; k < part.length; k++) {
              dx[at + k] += part[k];
            }
          }
        });
  }

  /** {@code dw += dy^T x}, or {@code dw =} that. */
  static void weightGradient(
      int rows, int outs, int inner, FloatPointer dy, FloatPointer x, boolean add, float[] dw) {
    Parallel.forRange(
        outs,
        OUTS,
        (from, to) -> {
          int m = to - from;
          try (var block = Blas.floats((long) m * inner)) {
            Blas.gemmTn(m, inner, rows, dy.getPointer(from), outs, x, 0, block);
            if (!add) {
              block.get(dw, from * inner, m * inner);
              return;
            }
            float[] part = new float[m * inner];
            block.get(part);
            for (int k = 0; k < part.length; k++) {
              dw[from * inner + k] += part[k];
            }
          }
        });
  }
}
