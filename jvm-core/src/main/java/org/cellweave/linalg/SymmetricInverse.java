package org.cellweave.linalg;

/** The inverse of a symmetric positive definite matrix, by its Cholesky factor. */
public final class SymmetricInverse {
  private static final double SINGULAR = 1e-12;

  private SymmetricInverse() {}

  /**
   * @param name of the matrix, for the message
   * @throws IllegalArgumentException when the matrix is singular
   */
  public static double[][] of(double[][] a, String name) {
    int n = a.length;
    double[] packed = new double[n * n];
    for (int j = 0; j < n; j++) {
      for (int i = j; i < n; i++) {
        packed[j * n + i] = a[i][j];
      }
    }
    int failed = Lapack.cholesky(n, packed);
    for (int j = 0; j < n; j++) {
      double pivot = packed[j * n + j] * packed[j * n + j];
      if (j == failed || !(pivot > SINGULAR * a[j][j])) {
        throw new IllegalArgumentException(
            name
                + " has no inverse: column "
                + j
                + " is constant or follows from the others. Leave such columns out");
      }
    }
    Lapack.inverse(n, packed);
    double[][] out = new double[n][n];
    for (int j = 0; j < n; j++) {
      for (int i = j; i < n; i++) {
        out[i][j] = packed[j * n + i];
        out[j][i] = packed[j * n + i];
      }
    }
    return out;
  }
}
