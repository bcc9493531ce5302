package org.cellweave.linalg;

import org.bytedeco.openblas.global.openblas;

/** LAPACK on arrays of the heap, column-major, one thread per call as {@link Blas} sets it. */
final class Lapack {
  private static final int COLUMNS = openblas.LAPACK_COL_MAJOR;

  static {
    OpenBlas.load();
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
   * For each column of {@code b} the vector of least norm among those that minimise {@code |a x -
   * b|}; destroys {@code a}, and leaves each x at the start of its column. Singular values below
   * {@code relative} of the largest count as zero.
   *
   * @param b {@code max(rows, cols)} by {@code right}
   * @return the rank of a
   */
  static int leastSquares(int rows, int cols, int right, double[] a, double[] b, double relative) {
    double[] singular = new double[Math.min(rows, cols)];
    int[] rank = new int[1];
    int leading = Math.max(rows, cols);
    done(
        "dgelss",
        openblas.LAPACKE_dgelss(
            COLUMNS, rows, cols, right, a, rows, b, leading, singular, relative, rank));
    return rank[0];
  }

  /**
   * {@code a = u diag(s) vt} of a square matrix, singular values descending; destroys {@code a}.
   */
  static void singularValues(int n, double[] a, double[] u, double[] s, double[] vt) {
    done("dgesdd", openblas.LAPACKE_dgesdd(COLUMNS, (byte) 'A', n, n, a, n, s, u, n, vt, n));
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

  /**
   * Replaces b by the solution of {@code a x = b}, and the lower triangle of a by its Cholesky
   * factor.
   *
   * @return whether a is positive definite; otherwise b stays
   */
  static boolean solvePositive(int n, double[] a, double[] b) {
    int info = openblas.LAPACKE_dposv(COLUMNS, (byte) 'L', n, 1, a, n, b, n);
    done("dposv", Math.min(info, 0));
    return info == 0;
  }

  /**
   * Replaces a symmetric matrix, given by its lower triangle, by its eigenvectors, one after
   * another, of ascending values.
   */
  static void symmetricEigen(int n, double[] a, double[] values) {
    done("dsyevd", openblas.LAPACKE_dsyevd(COLUMNS, (byte) 'V', (byte) 'L', n, a, n, values));
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
