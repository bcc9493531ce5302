package org.cellweave.linalg;

import java.util.Arrays;

/**
 * {@code A = U diag(s) V'} of a small square matrix, and what follows from it: its rank, the
 * nearest rotation and the stretch before it. For a covariance see {@link SymmetricEigen}.
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
    Arrays.fill(ones, 1);
    return product(u, ones, v);
  }

  /** {@code V diag(s) V'}: what {@link #rotation()} turns into the matrix; symmetric. */
  public double[][] stretch() {
    return product(v, s, v);
  }

  private static double[][] product(double[][] left, double[] middle, double[][] right) {
    int n = middle.length;
    double[][] out = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int c = 0; c < n; c++) {
          out[i][j] += left[i][c] * middle[c] * right[j][c];
        }
      }
    }
    return out;
  }
}
