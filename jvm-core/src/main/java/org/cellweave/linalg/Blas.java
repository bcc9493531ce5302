package org.cellweave.linalg;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;
import org.cellweave.internal.NativeMemory;
import org.cellweave.util.Parallel;

/**
 * OpenBLAS, one thread per call: callers run it on fixed blocks from {@link
 * org.cellweave.util.Parallel}, so that sums keep their order for any number of threads.
 */
public final class Blas {
  private static final int MIRRORED = 64;
  private static final int ROW_MAJOR = openblas.CblasRowMajor;

  static {
    OpenBlas.load();
  }

  private Blas() {}

  /** Loads the library, and tells JavaCPP how: call it before anything else touches JavaCPP. */
  public static void load() {
    // by loading this class
  }

  /** An off-heap array for the products here; the caller closes it. */
  public static FloatPointer floats(long size) {
    return NativeMemory.floats(size);
  }

  /** As {@link #floats}, of float64. */
  public static DoublePointer doubles(long size) {
    return NativeMemory.doubles(size);
  }

  /** Row-major {@code c[m x n] = a[m x k] * b[n x k]^T}; pointers are off-heap. */
  public static void gemmNt(
      int m, int n, int k, FloatPointer a, int lda, FloatPointer b, int ldb, FloatPointer c) {
    openblas.cblas_sgemm(
        ROW_MAJOR,
        openblas.CblasNoTrans,
        openblas.CblasTrans,
        m,
        n,
        k,
        1f,
        a,
        lda,
        b,
        ldb,
        0f,
        c,
        n);
  }

  /** Row-major {@code c[m x n] = a[m x k] * b[n x k]^T}; pointers are off-heap. */
  public static void gemmNt(
      int m, int n, int k, DoublePointer a, DoublePointer b, DoublePointer c) {
    openblas.cblas_dgemm(
        ROW_MAJOR, openblas.CblasNoTrans, openblas.CblasTrans, m, n, k, 1.0, a, k, b, k, 0.0, c, n);
  }

  /** Row-major {@code c[m x n] = a[m x k] * b[k x n]}; pointers are off-heap. */
  public static void gemmNn(
      int m, int n, int k, DoublePointer a, DoublePointer b, DoublePointer c) {
    openblas.cblas_dgemm(
        ROW_MAJOR,
        openblas.CblasNoTrans,
        openblas.CblasNoTrans,
        m,
        n,
        k,
        1.0,
        a,
        k,
        b,
        n,
        0.0,
        c,
        n);
  }

  /** Row-major {@code c[m x n] = a[m x k] * b[k x n] + beta c}; pointers are off-heap. */
  public static void gemmNn(
      int m, int n, int k, FloatPointer a, FloatPointer b, float beta, FloatPointer c) {
    gemmNn(m, n, k, a, k, b, beta, c);
  }

  /**
   * As {@link #gemmNn(int, int, int, FloatPointer, FloatPointer, float, FloatPointer)}, of columns
   * of a wider a: its rows begin {@code lda} apart.
   */
  public static void gemmNn(
      int m, int n, int k, FloatPointer a, int lda, FloatPointer b, float beta, FloatPointer c) {
    openblas.cblas_sgemm(
        ROW_MAJOR,
        openblas.CblasNoTrans,
        openblas.CblasNoTrans,
        m,
        n,
        k,
        1f,
        a,
        lda,
        b,
        n,
        beta,
        c,
        n);
  }

  /** Row-major {@code c[m x n] = a[k x m]^T * b[k x n] + beta c}; pointers are off-heap. */
  public static void gemmTn(
      int m, int n, int k, FloatPointer a, FloatPointer b, float beta, FloatPointer c) {
    openblas.cblas_sgemm(
        ROW_MAJOR, openblas.CblasTrans, openblas.CblasNoTrans, m, n, k, 1f, a, m, b, n, beta, c, n);
  }

  /**
   * As {@link #gemmTn(int, int, int, FloatPointer, FloatPointer, float, FloatPointer)}, of columns
   * of a wider a: its rows begin {@code lda} apart.
   */
  public static void gemmTn(
      int m, int n, int k, FloatPointer a, int lda, FloatPointer b, float beta, FloatPointer c) {
    openblas.cblas_sgemm(
        ROW_MAJOR,
        openblas.CblasTrans,
        openblas.CblasNoTrans,
        m,
        n,
        k,
        1f,
        a,
        lda,
        b,
        n,
        beta,
        c,
        n);
  }

  /**
   * Row-major {@code c[m x n] = a^T b} for the first m columns of a, whose k rows begin {@code lda}
   * apart, and {@code b[k x n]}; pointers are off-heap.
   */
  public static void gemmTn(
      int m, int n, int k, DoublePointer a, int lda, DoublePointer b, DoublePointer c) {
    openblas.cblas_dgemm(
        ROW_MAJOR,
        openblas.CblasTrans,
        openblas.CblasNoTrans,
        m,
        n,
        k,
        1.0,
        a,
        lda,
        b,
        n,
        0.0,
        c,
        n);
  }

  /** Fills the lower triangle of a row-major symmetric matrix from the upper one. */
  public static void mirror(int n, DoublePointer a) {
    Parallel.forRange(
        n,
        MIRRORED,
        (from, to) -> {
          double[] columns = new double[(to - from) * n];
          double[] part = new double[to - from];
          // views, which have no memory of their own
          for (int j = 0; j < to; j++) {
            a.getPointer((long) j * n + from).get(part);
            for (int i = 0; i < part.length; i++) {
              columns[i * n + j] = part[i];
            }
          }
          for (int i = from; i < to; i++) {
            a.getPointer((long) i * n).put(columns, (i - from) * n, i);
          }
        });
  }

  /**
   * Column-major {@code c[m x n] = alpha a b + beta c}, or {@code a^T} in the place of a: for few
   * columns, several times as fast as row by row. Pointers are off-heap.
   */
  public static void gemmColumns(
      boolean transposed,
      int m,
      int n,
      int k,
      double alpha,
      DoublePointer a,
      int lda,
      DoublePointer b,
      int ldb,
      double beta,
      DoublePointer c,
      int ldc) {
    openblas.cblas_dgemm(
        openblas.CblasColMajor,
        transposed ? openblas.CblasTrans : openblas.CblasNoTrans,
        openblas.CblasNoTrans,
        m,
        n,
        k,
        alpha,
        a,
        lda,
        b,
        ldb,
        beta,
        c,
        ldc);
  }

  /**
   * Replaces the upper triangle of a row-major symmetric matrix by R, where {@code a = R^T R}; what
   * is below stays as it was.
   *
   * @return whether a is positive definite
   */
  public static boolean cholesky(int n, DoublePointer a) {
    // a row-major upper triangle is a column-major lower one
    return openblas.LAPACKE_dpotrf(openblas.LAPACK_COL_MAJOR, (byte) 'L', n, a, n) == 0;
  }

  /** {@code y = a x} for row-major {@code a[m x n]}; pointers are off-heap. */
  public static void gemv(int m, int n, FloatPointer a, FloatPointer x, FloatPointer y) {
    openblas.cblas_sgemv(ROW_MAJOR, openblas.CblasNoTrans, m, n, 1f, a, n, x, 1, 0f, y, 1);
  }

  /** {@code y = a^T x} for row-major {@code a[m x n]}; pointers are off-heap. */
  public static void gemvT(int m, int n, FloatPointer a, FloatPointer x, FloatPointer y) {
    openblas.cblas_sgemv(ROW_MAJOR, openblas.CblasTrans, m, n, 1f, a, n, x, 1, 0f, y, 1);
  }

  /** Row-major upper triangle of {@code c[k x k] += a[m x k]^T a}; pointers are off-heap. */
  public static void syrkTn(int m, int k, DoublePointer a, DoublePointer c) {
    openblas.cblas_dsyrk(
        ROW_MAJOR, openblas.CblasUpper, openblas.CblasTrans, k, m, 1.0, a, k, 1.0, c, k);
  }

  /**
   * Row-major {@code c += a^T b} for the columns {@code i0 .. i0 + m} of a and {@code i0 .. k} of b
   * = a, where a is {@code rows x k} and c is {@code k x k}: one strip of the upper triangle of the
   * Gram matrix; pointers are off-heap.
   */
  public static void gramStrip(int rows, int k, int i0, int m, DoublePointer a, DoublePointer c) {
    // views of a and c: closing them would free a and c
    DoublePointer from = a.getPointer(i0);
    DoublePointer to = c.getPointer((long) i0 * k + i0);
    openblas.cblas_dgemm(
        ROW_MAJOR,
        openblas.CblasTrans,
        openblas.CblasNoTrans,
        m,
        k - i0,
        rows,
        1.0,
        from,
        k,
        from,
        k,
        1.0,
        to,
        k);
  }

  /**
   * As {@link #gramStrip(int, int, int, int, DoublePointer, DoublePointer)}, in float32 and with
   * {@code beta c} before it.
   */
  public static void gramStrip(
      int rows, int k, int i0, int m, FloatPointer a, float beta, FloatPointer c) {
    // views, as above
    FloatPointer from = a.getPointer(i0);
    FloatPointer to = c.getPointer((long) i0 * k + i0);
    openblas.cblas_sgemm(
        ROW_MAJOR,
        openblas.CblasTrans,
        openblas.CblasNoTrans,
        m,
        k - i0,
        rows,
        1f,
        from,
        k,
        from,
        k,
        beta,
        to,
        k);
  }

  /**
   * The {@code k} largest eigenvalues, largest first, and their vectors, one after another.
   *
   * @param a row-major upper triangle of a symmetric {@code n x n} matrix, off-heap; overwritten
   * @return false when LAPACK did not converge
   */
  public static boolean largestEigen(
      int n, int k, DoublePointer a, double[] values, double[] vectors) {
    try (var found = NativeMemory.ints(1L);
        var w = NativeMemory.doubles((long) n);
        var z = NativeMemory.doubles((long) n * k);
        var support = NativeMemory.ints(2L * n)) {
      // a row-major upper triangle is a column-major lower one
      int info =
          openblas.LAPACKE_dsyevr(
              openblas.LAPACK_COL_MAJOR,
              (byte) 'V',
              (byte) 'I',
              (byte) 'L',
              n,
              a,
              n,
              0,
              0,
              n - k + 1,
              n,
              0,
              found,
              w,
              z,
              n,
              support);
      if (info != 0 || found.get() != k) {
        return false;
      }
      for (int c = 0; c < k; c++) {
        values[c] = w.get(k - 1 - c);
        z.position((long) (k - 1 - c) * n).get(vectors, c * n, n);
      }
      z.position(0);
      return true;
    }
  }
}
