package org.cellweave.linalg;

/**
 * Least squares with a few unknowns: the solution of least norm, from singular values.
 *
 * @see <a href="https://doi.org/10.1137/1.9780898719604">Anderson et al. 1999, LAPACK</a>
 */
public final class LeastSquares {
  private LeastSquares() {}

  /**
   * Columns are scaled to unit length before small singular values are dropped.
   *
   * @param a {@code rows} equations of {@code cols} coefficients, column after column; destroyed
   * @param b right-hand sides; destroyed
   * @param relativeRank singular values below this share of the largest count as zero
   */
  public static double[] solve(int rows, int cols, double[] a, double[] b, double relativeRank) {
    double[] scale = new double[cols];
    for (int j = 0; j < cols; j++) {
      double square = 0;
      for (int i = 0; i < rows; i++) {
        square += a[j * rows + i] * a[j * rows + i];
      }
      scale[j] = square > 0 ? Math.sqrt(square) : 1;
      for (int i = 0; i < rows; i++) {
        a[j * rows + i] /= scale[j];
      }
    }
    double[] right = b.length >= Math.max(rows, cols) ? b : java.util.Arrays.copyOf(b, cols);
    Lapack.leastSquares(rows, cols, a, right, relativeRank);
    double[] x = new double[cols];
    for (int j = 0; j < cols; j++) {
      x[j] = right[j] / scale[j];
    }
    return x;
  }
}
