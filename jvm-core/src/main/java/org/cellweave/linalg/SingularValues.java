package org.cellweave.linalg;

/**
 * {@code A = U diag(s) V'} of a small square matrix, and what follows from it: the nearest rotation
 * and, for a covariance, its powers.
 *
 * @param u left vectors, in columns
 * @param s singular values, descending
 * @param v right vectors, in columns
 * @see <a href="https://doi.org/10.1137/1.9780898719604">Anderson et al. 1999, LAPACK</a>
 */
public record SingularValues(double[][] u, double[] s, double[][] v) {

  /**
   * @param a square; not changed
   */
  public static SingularValues of(double[][] a) {
    int n = a.length;
    double[] packed = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        packed[j * n + i] = a[i][j];
      }
    }
    double[] left = new double[n * n];
    double[] s = new double[n];
    double[] right = new double[n * n];
    Lapack.singularValues(n, packed, left, s, right);
    double[][] u = new double[n][n];
    double[][] v = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < n; c++) {
        u[i][c] = left[c * n + i];
        v[i][c] = right[i * n + c];
      }
    }
    return new SingularValues(u, s, v);
  }

  /** Singular values above {@code relative} of the largest. */
  public int rank(double relative) {
    int rank = 0;
    while (rank < s.length && s[rank] > relative * s[0]) {
      rank++;
    }
    return rank;
  }

  /** {@code U V'}: the orthogonal matrix nearest to this one. */
  public double[][] rotation() {
    double[] ones = new double[s.length];
    java.util.Arrays.fill(ones, 1);
    return product(ones, v);
  }

  /**
   * A symmetric matrix without negative eigenvalues to the power of {@code exponent}; eigenvalues
   * below {@code relative} of the largest stay zero.
   */
  public double[][] power(double exponent, double relative) {
    double[] raised = new double[s.length];
    int rank = rank(relative);
    for (int c = 0; c < rank; c++) {
      raised[c] = Math.pow(s[c], exponent);
    }
    return product(raised, u);
  }

  private double[][] product(double[] middle, double[][] right) {
    int n = s.length;
    double[][] out = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int c = 0; c < n; c++) {
          out[i][j] += u[i][c] * middle[c] * right[j][c];
        }
      }
    }
    return out;
  }
}
