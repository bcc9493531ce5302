package org.cellweave.linalg;

/** Products of matrices so small that a call of BLAS costs more than they do. */
public final class MatrixProduct {
  private MatrixProduct() {}

  /**
   * {@code a b}, summed in the order of the rows of b.
   *
   * @param a m by k
   * @param b k by n
   */
  public static double[][] of(double[][] a, double[][] b) {
    int n = b[0].length;
    double[][] out = new double[a.length][n];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < b.length; k++) {
        for (int j = 0; j < n; j++) {
          out[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return out;
  }
}
