package org.cellweave.neural.fused;

import java.util.Arrays;

/**
 * A weighted sum of rows. Every row is an array of its own: loops over parts of one array at
 * different places are not turned into vector code by the JIT, which cannot know that they do not
 * overlap.
 */
final class RowSum {
  private final int n;
  private final float[] sum;
  private final float[] zeros;

  RowSum(int n) {
    this.n = n;
    this.sum = new float[n];
    this.zeros = new float[n];
  }

  void clear() {
    Arrays.fill(sum, 0);
  }

  /** Begins with what a row of a matrix holds. */
  void load(float[] rows, int at) {
    System.arraycopy(rows, at, sum, 0, n);
  }

  /**
   * Adds {@code factor[p]} times the row {@code index[p]} for {@code from <= p < to}.
   *
   * @param index row of every p
   */
  void add(float[][] rows, int[] index, float[] factor, int from, int to) {
    int p = from;
    for (; p + 3 < to; p += 4) {
      addFour(
          rows[index[p]],
          rows[index[p + 1]],
          rows[index[p + 2]],
          rows[index[p + 3]],
          factor[p],
          factor[p + 1],
          factor[p + 2],
          factor[p + 3]);
    }
    int rest = to - p;
    if (rest > 0) {
      addFour(
          rows[index[p]],
          rest > 1 ? rows[index[p + 1]] : zeros,
          rest > 2 ? rows[index[p + 2]] : zeros,
          zeros,
          factor[p],
          rest > 1 ? factor[p + 1] : 0,
          rest > 2 ? factor[p + 2] : 0,
          0);
    }
  }

  /** Ends a sum and writes it. */
  void writeTo(float[] out, int at) {
    System.arraycopy(sum, 0, out, at, n);
  }

  private void addFour(
      float[] a, float[] b, float[] c, float[] d, float fa, float fb, float fc, float fd) {
    float[] s = sum;
    int size = n;
    for (int u = 0; u < size; u++) {
      s[u] = Math.fma(fa, a[u], Math.fma(fb, b[u], s[u])) + Math.fma(fc, c[u], fd * d[u]);
    }
  }
}
