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
    double[][] l = factor(a, name);
    double[][] out = new double[n][n];
    for (int c = 0; c < n; c++) {
      double[] y = new double[n];
      for (int i = 0; i < n; i++) {
        double sum = i == c ? 1 : 0;
        for (int k = 0; k < i; k++) {
          sum -= l[i][k] * y[k];
        }
        y[i] = sum / l[i][i];
      }
      for (int i = n - 1; i >= 0; i--) {
        double sum = y[i];
        for (int k = i + 1; k < n; k++) {
          sum -= l[k][i] * out[k][c];
        }
        out[i][c] = sum / l[i][i];
      }
    }
    return out;
  }

  private static double[][] factor(double[][] a, String name) {
    int n = a.length;
    double[][] l = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum -= l[i][k] * l[j][k];
        }
        if (i != j) {
          l[i][j] = sum / l[j][j];
          continue;
        }
        if (!(sum > SINGULAR * a[i][i])) {
          throw new IllegalArgumentException(
              name
                  + " has no inverse: column "
                  + i
                  + " is constant or follows from the others. Leave such columns out");
        }
        l[i][i] = Math.sqrt(sum);
      }
    }
    return l;
  }
}
