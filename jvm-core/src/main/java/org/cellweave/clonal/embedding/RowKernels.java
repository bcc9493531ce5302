package org.cellweave.clonal.embedding;

/** Loops over a row of scores, each simple enough for the JIT to turn into vector code. */
final class RowKernels {
  private RowKernels() {}

  /** {@code to += factor v[from..]}. */
  static void plus(double[] to, double factor, double[] v, int from, int n) {
    for (int j = 0; j < n; j++) {
      to[j] += factor * v[from + j];
    }
  }

  /** {@code to[from..] += factor v}. */
  static void plusTo(double[] to, int from, double factor, double[] v, int n) {
    for (int j = 0; j < n; j++) {
      to[from + j] += factor * v[j];
    }
  }

  static double largest(double[] v, int n) {
    double most = v[0];
    for (int j = 1; j < n; j++) {
      most = Math.max(most, v[j]);
    }
    return most;
  }

  static double sum(double[] v, int n) {
    double a = 0;
    double b = 0;
    int j = 0;
    for (; j + 1 < n; j += 2) {
      a += v[j];
      b += v[j + 1];
    }
    return j < n ? a + b + v[j] : a + b;
  }

  /** With four running sums, whose additions need not wait for each other. */
  static double dot(double[] a, double[] b, int from, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 3 < n; j += 4) {
      s0 += a[j] * b[from + j];
      s1 += a[j + 1] * b[from + j + 1];
      s2 += a[j + 2] * b[from + j + 2];
      s3 += a[j + 3] * b[from + j + 3];
    }
    for (; j < n; j++) {
      s0 += a[j] * b[from + j];
    }
    return s0 + s1 + (s2 + s3);
  }

  static void scale(double[] v, double factor, int n) {
    for (int j = 0; j < n; j++) {
      v[j] *= factor;
    }
  }

  /** Rows of d, dimension after dimension. */
  static double[] byDimension(double[] rows, int d) {
    int n = rows.length / d;
    double[] out = new double[rows.length];
    for (int k = 0; k < rows.length; k++) {
      out[k % d * n + k / d] = rows[k];
    }
    return out;
  }
}
