package org.cellweave.linalg;

/**
 * Cholesky factor of a symmetric positive definite matrix of a few columns, in place and without
 * LAPACK, whose call would cost more than the work.
 *
 * <p>Matrices are {@code n x n}, row by row; of the factor only the lower triangle is read.
 *
 * @see <a href="https://doi.org/10.1137/1.9780898718027">Higham 2002, algorithm 10.2</a>
 */
public final class SmallCholesky {
  private SmallCholesky() {}

  /**
   * Replaces the lower triangle of {@code a} by its factor.
   *
   * @return false when a is not positive definite; it is then destroyed
   */
  public static boolean factor(double[] a, int n) {
    for (int j = 0; j < n; j++) {
      for (int i = j; i < n; i++) {
        double sum = a[i * n + j];
        for (int k = 0; k < j; k++) {
          sum -= a[i * n + k] * a[j * n + k];
        }
        if (i > j) {
          a[i * n + j] = sum / a[j * n + j];
        } else if (sum > 0) {
          a[j * n + j] = Math.sqrt(sum);
        } else {
          return false;
        }
      }
    }
    return true;
  }

  /** Replaces {@code b} by the solution of {@code a x = b}. */
  public static void solve(double[] factor, int n, double[] b) {
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        b[i] -= factor[i * n + k] * b[k];
      }
      b[i] /= factor[i * n + i];
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        b[i] -= factor[k * n + i] * b[k];
      }
      b[i] /= factor[i * n + i];
    }
  }

  /**
   * @param column of length n, for the columns in turn
   * @param out the whole inverse, row by row
   */
  public static void inverse(double[] factor, int n, double[] column, double[] out) {
    for (int j = 0; j < n; j++) {
      java.util.Arrays.fill(column, 0, n, 0);
      column[j] = 1;
      solve(factor, n, column);
      for (int i = 0; i < n; i++) {
        out[i * n + j] = column[i];
      }
    }
  }
}
