package org.cellweave.linalg;

import org.bytedeco.openblas.global.openblas;
import org.cellweave.internal.NativeSetup;

/** LAPACK on arrays of the heap, column-major, one thread per call as {@link Blas} sets it. */
final class Lapack {
  private static final int COLUMNS = openblas.LAPACK_COL_MAJOR;

  static {
    NativeSetup.prepare();
    openblas.blas_set_num_threads(1);
  }

  private Lapack() {}

  /** Replaces a by R in its upper triangle and Householder vectors below. */
  static void qr(int rows, int cols, double[] a, double[] tau) {
    done("dgeqrf", openblas.LAPACKE_dgeqrf(COLUMNS, rows, cols, a, rows, tau));
  }

  /** Replaces what {@link #qr} left by Q. */
  static void householder(int rows, int cols, double[] a, double[] tau) {
    done("dorgqr", openblas.LAPACKE_dorgqr(COLUMNS, rows, cols, cols, a, rows, tau));
  }

  /**
   * The vector of least norm among those that minimise {@code |a x - b|}; destroys {@code a}, and
   * leaves x at the start of {@code b}. Singular values below {@code relative} of the largest count
   * as zero.
   */
  static void leastSquares(int rows, int cols, double[] a, double[] b, double relative) {
    double[] singular = new double[Math.min(rows, cols)];
    int[] rank = new int[1];
    done(
        "dgelss",
        openblas.LAPACKE_dgelss(
            COLUMNS, rows, cols, 1, a, rows, b, Math.max(rows, cols), singular, relative, rank));
  }

  /**
   * Replaces the lower triangle by the Cholesky factor.
   *
   * @return the first column, from 0, whose pivot is not positive; -1 when there is none
   */
  static int cholesky(int n, double[] a) {
    int info = openblas.LAPACKE_dpotrf(COLUMNS, (byte) 'L', n, a, n);
    done("dpotrf", Math.min(info, 0));
    return info - 1;
  }

  /** Replaces the lower triangle, a Cholesky factor, by that of the inverse matrix. */
  static void inverse(int n, double[] a) {
    done("dpotri", openblas.LAPACKE_dpotri(COLUMNS, (byte) 'L', n, a, n));
  }

  /** The largest eigenvalue of a symmetric matrix given by its lower triangle; destroys it. */
  static double largestEigenvalue(int n, double[] a) {
    double[] values = new double[n];
    int info =
        openblas.LAPACKE_dsyevr(
            COLUMNS,
            (byte) 'N',
            (byte) 'I',
            (byte) 'L',
            n,
            a,
            n,
            0,
            0,
            n,
            n,
            0,
            new int[1],
            values,
            new double[1],
            1,
            new int[2 * n]);
    done("dsyevr", info);
    return values[0];
  }

  private static void done(String routine, int info) {
    if (info != 0) {
      throw new IllegalStateException("LAPACK's " + routine + " ended with " + info);
    }
  }
}
