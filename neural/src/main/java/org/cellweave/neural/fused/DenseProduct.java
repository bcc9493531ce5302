package org.cellweave.neural.fused;

import java.util.Arrays;
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
  private static final int MOST_PARTS = 16;

  /** Values that a block adds up. */
  private static final int ADDED = 1 << 12;

  /** Rows that are fetched at a time: every call into native memory has its price. */
  private static final int LINES = 16;

  private DenseProduct() {}

  /**
   * {@code y = x w^T}, and the bias added to every row: x is rows by inner, w is outs by inner, y
   * is rows by outs.
   *
   * @param bias outs; null for none
   * @param scratch as large as y
   */
  static void forward(
      int rows,
      int outs,
      int inner,
      FloatPointer x,
      FloatPointer w,
      float[] bias,
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
          write(block, m, n, bias, out, y, row * outs + out, outs);
        });
  }

  /**
   * Puts a block of rows by columns into a matrix.
   *
   * @param bias null for none; added from {@code first} on
   * @param at place of the block's first value
   * @param stride columns of the matrix
   */
  private static void write(
      FloatPointer block, int m, int n, float[] bias, int first, float[] to, int at, int stride) {
    float[] lines = new float[Math.min(m, LINES) * n];
    float[] line = new float[n];
    float[] added = bias == null ? null : Arrays.copyOfRange(bias, first, first + n);
    for (int i = 0; i < m; i++) {
      int k = i % LINES;
      if (k == 0) {
        block.position((long) i * n).get(lines, 0, Math.min(LINES, m - i) * n);
      }
      System.arraycopy(lines, k * n, line, 0, n);
      if (added != null) {
        add(added, line);
      }
      System.arraycopy(line, 0, to, at + i * stride, n);
    }
  }

  /** Of arrays at the same places: the JIT makes no vector code of others, see {@link RowSum}. */
  private static void add(float[] from, float[] to) {
    for (int j = 0; j < to.length; j++) {
      to[j] += from[j];
    }
  }

  /** Into how many parts {@link #addInputGradient} takes the outs; each has a result of its own. */
  static int parts(int outs) {
    return outs < MOST_PARTS * OUTS ? 1 : MOST_PARTS;
  }

  /**
   * {@code dx += dy w}. Many outs are added up in parts, since a product of some rows would have to
   * bring all of w into the order that it is multiplied in.
   *
   * @param scratch {@link #parts} times as large as dx
   */
  static void addInputGradient(
      int rows,
      int outs,
      int inner,
      FloatPointer dy,
      FloatPointer w,
      FloatPointer scratch,
      float[] dx) {
    int parts = parts(outs);
    if (parts == 1) {
      byRows(rows, outs, inner, dy, w, scratch, dx);
      return;
    }
    int size = Math.multiplyExact(rows, inner);
    Parallel.forBlocks(
        parts,
        b -> {
          int from = (int) ((long) outs * b / parts);
          int to = (int) ((long) outs * (b + 1) / parts);
          FloatPointer of = w.getPointer((long) from * inner);
          FloatPointer part = scratch.getPointer((long) b * size);
          Blas.gemmNn(rows, inner, to - from, dy.getPointer(from), outs, of, 0, part);
        });
    Parallel.forRange(
        size,
        ADDED,
        (from, to) -> {
          for (int b = 0; b < parts; b++) {
            add(scratch.getPointer((long) b * size + from), from, to - from, dx);
          }
        });
  }

  private static void byRows(
      int rows,
      int outs,
      int inner,
      FloatPointer dy,
      FloatPointer w,
      FloatPointer scratch,
      float[] dx) {
    Parallel.forRange(
        rows,
        ROWS,
        (from, to) -> {
          int m = to - from;
          FloatPointer block = scratch.getPointer((long) from * inner);
          Blas.gemmNn(m, inner, outs, dy.getPointer((long) from * outs), w, 0, block);
          add(block, from * inner, m * inner, dx);
        });
  }

  /**
   * {@code dw += dy^T x}, or {@code dw =} that; with a bias the gradient by it, too.
   *
   * @param add whether {@code dw} holds a part already
   * @param dyValues the same as {@code dy}, read where there is a bias
   * @param dBias to add to; null for no bias
   * @param scratch as large as dw
   */
  static void weightGradient(
      int rows,
      int outs,
      int inner,
      FloatPointer dy,
      FloatPointer x,
      boolean add,
      float[] dyValues,
      float[] dBias,
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
          if (dBias != null) {
            addColumns(dyValues, rows, outs, from, to, dBias);
          }
        });
  }

  /** Adds the sums of some columns, row by row. */
  private static void addColumns(
      float[] of, int rows, int columns, int from, int to, float[] sums) {
    int n = to - from;
    float[] line = new float[n];
    float[] sum = Arrays.copyOfRange(sums, from, to);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(of, i * columns + from, line, 0, n);
      add(line, sum);
    }
    System.arraycopy(sum, 0, sums, from, n);
  }

  private static void add(FloatPointer from, int at, int n, float[] to) {
    float[] part = new float[n];
    from.get(part);
    for (int k = 0; k < n; k++) {
      to[at + k] += part[k];
    }
  }
}
