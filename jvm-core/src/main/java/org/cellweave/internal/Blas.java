package org.cellweave.internal;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/**
 * OpenBLAS, one thread per call: callers run it on fixed blocks from {@link
 * org.cellweave.util.Parallel}, so that sums keep their order for any number of threads.
 */
public final class Blas {
  private static final int ROW_MAJOR = openblas.CblasRowMajor;

  static {
    NativeLog.useSlf4j();
    openblas.blas_set_num_threads(1);
  }

  private Blas() {}

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

  /** Row-major upper triangle of {@code c[k x k] += a[m x k]^T a}; pointers are off-heap. */
  public static void syrkTn(int m, int k, DoublePointer a, DoublePointer c) {
    openblas.cblas_dsyrk(
        ROW_MAJOR, openblas.CblasUpper, openblas.CblasTrans, k, m, 1.0, a, k, 1.0, c, k);
  }
}
