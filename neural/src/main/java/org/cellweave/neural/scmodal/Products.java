package org.cellweave.neural.scmodal;

import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.linalg.Blas;
import org.cellweave.util.Parallel;

/**
 * Products of the rows of minibatches, in fixed blocks of rows, so that threads change no bit. Its
 * memory is used again by the next call.
 */
final class Products implements AutoCloseable {
  private static final int ROWS = 64;

  private FloatPointer left = Blas.floats(1);
  private FloatPointer right = Blas.floats(1);
  private FloatPointer out = Blas.floats(1);

  private static FloatPointer holding(FloatPointer old, float[] values, int size) {
    FloatPointer to = sized(old, size);
    Parallel.forRange(
        size, 1 << 16, (from, end) -> to.getPointer(from).put(values, from, end - from));
    return to;
  }

  private static FloatPointer sized(FloatPointer old, int size) {
    if (old.capacity() >= size) {
      return old;
    }
    old.close();
    return Blas.floats(size);
  }

  /**
   * {@code to = a b^T}.
   *
   * @param a n by k
   * @param b m by k
   */
  void rowsByRows(float[] a, int n, float[] b, int m, int k, float[] to) {
    left = holding(left, a, n * k);
    FloatPointer other = left;
    if (a != b) {
      right = holding(right, b, m * k);
      other = right;
    }
    FloatPointer second = other;
    out = sized(out, n * m);
    Parallel.forRange(
        n,
        ROWS,
        (from, end) -> {
          FloatPointer block = out.getPointer((long) from * m);
          Blas.gemmNt(end - from, m, k, left.getPointer((long) from * k), k, second, k, block);
          block.get(to, from * m, (end - from) * m);
        });
  }

  /**
   * {@code to = w b} and {@code turned = w^T b}.
   *
   * @param w n by n
   * @param b n by k
   */
  void bothWays(float[] w, int n, float[] b, int k, float[] to, float[] turned) {
    left = holding(left, w, n * n);
    right = holding(right, b, n * k);
    out = sized(out, 2 * n * k);
    Parallel.forRange(
        n,
        ROWS,
        (from, end) -> {
          int rows = end - from;
          FloatPointer straight = out.getPointer((long) from * k);
          Blas.gemmNn(rows, k, n, left.getPointer((long) from * n), right, 0, straight);
          straight.get(to, from * k, rows * k);
          FloatPointer other = out.getPointer((long) (n + from) * k);
          Blas.gemmTn(rows, k, n, left.getPointer(from), n, right, 0, other);
          other.get(turned, from * k, rows * k);
        });
  }

  @Override
  public void close() {
    left.close();
    right.close();
    out.close();
  }
}
