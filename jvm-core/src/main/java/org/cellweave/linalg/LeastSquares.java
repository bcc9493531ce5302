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
    Lapack.leastSquares(rows, cols, 1, a, right, relativeRank);
    double[] x = new double[cols];
    for (int j = 0; j < cols; j++) {
      x[j] = right[j] / scale[j];
    }
    return x;
  }

  /**
   * What solves several systems at once.
   *
   * @param x one row for every column of the coefficients, one column for every right-hand side
   * @param rank of the coefficients
   */
  public record Solution(double[][] x, int rank) {}

  /**
   * As {@link #solve}, for several right-hand sides and without scaling: of all solutions the one
   * of least norm in the coefficients as they are given, as numpy's {@code lstsq} has it.
   *
   * @param a an equation in every row; not changed
   * @param b its right-hand sides; not changed
   */
  public static Solution leastNorm(double[][] a, double[][] b, double relativeRank) {
    int rows = a.length;
    int cols = a[0].length;
    int right = b[0].length;
    int leading = Math.max(rows, cols);
    double[] left = new double[Math.multiplyExact(rows, cols)];
    double[] sides = new double[Math.multiplyExact(leading, right)];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        left[j * rows + i] = a[i][j];
      }
      for (int r = 0; r < right; r++) {
        sides[r * leading + i] = b[i][r];
      }
    }
    int rank = Lapack.leastSquares(rows, cols, right, left, sides, relativeRank);
    double[][] x = new double[cols][right];
    for (int j = 0; j < cols; j++) {
      for (int r = 0; r < right; r++) {
        x[j][r] = sides[r * leading + j];
      }
    }
    return new Solution(x, rank);
  }
}
