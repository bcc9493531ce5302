package org.cellweave.neural.fused;

/**
 * A weighted sum of rows of a matrix. Rows are copied side by side first: loops over parts of one
 * array at different places are not turned into vector code by the JIT, which cannot know that they
 * do not overlap.
 */
final class RowSum {
  private final int n;
  private final float[] sum;
  private final float[] a;
  private final float[] b;
  private final float[] c;
  private final float[] d;
  private final float[] factors = new float[4];
  private int held;

  RowSum(int n) {
    this.n = n;
    this.sum = new float[n];
    this.a = new float[n];
    this.b = new float[n];
    this.c = new float[n];
    this.d = new float[n];
  }

  void clear() {
    java.util.Arrays.fill(sum, 0);
    held = 0;
  }

  /** Adds {@code factor} times the row that begins at {@code from}. */
  void add(float factor, float[] rows, int from) {
    float[] to = held == 0 ? a : held == 1 ? b : held == 2 ? c : d;
    System.arraycopy(rows, from, to, 0, n);
    factors[held++] = factor;
    if (held == 4) {
      addHeld();
    }
  }

  /** Ends a sum and writes it. */
  void writeTo(float[] out, int at) {
    if (held > 0) {
      java.util.Arrays.fill(factors, held, 4, 0);
      addHeld();
    }
    System.arraycopy(sum, 0, out, at, n);
  }

  private void addHeld() {
    addFour(sum, a, b, c, d, factors[0], factors[1], factors[2], factors[3], n);
    held = 0;
  }

  private static void addFour(
      float[] sum,
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float fa,
      float fb,
      float fc,
      float fd,
      int n) {
    for (int u = 0; u < n; u++) {
      sum[u] += fa * a[u] + fb * b[u] + (fc * c[u] + fd * d[u]);
    }
  }
}
