package org.cellweave.integrate.harmony;

/** Symmetric positive systems with several right-hand sides, float64. */
final class SmallCholesky {
  private SmallCholesky() {}

  /**
   * Replaces {@code right} by the solution and destroys {@code a}. An unknown that the others
   * determine, its pivot below {@code tolerance} of its diagonal, becomes zero.
   */
  static void solve(double[][] a, double[][] right, double tolerance) {
    int n = a.length;
    boolean[] free = new boolean[n];
    for (int j = 0; j < n; j++) {
      double diagonal = a[j][j];
      double pivot = diagonal;
      for (int t = 0; t < j; t++) {
        pivot -= a[j][t] * a[j][t];
      }
      free[j] = !(pivot > tolerance * Math.abs(diagonal));
      double root = free[j] ? 0 : Math.sqrt(pivot);
      a[j][j] = root;
      for (int i = j + 1; i < n; i++) {
        double v = a[i][j];
        for (int t = 0; t < j; t++) {
          v -= a[i][t] * a[j][t];
        }
        a[i][j] = free[j] ? 0 : v / root;
      }
    }
    int columns = n == 0 ? 0 : right[0].length;
    for (int c = 0; c < columns; c++) {
      for (int i = 0; i < n; i++) {
        double v = right[i][c];
        for (int t = 0; t < i; t++) {
          v -= a[i][t] * right[t][c];
        }
        right[i][c] = free[i] ? 0 : v / a[i][i];
      }
      for (int i = n - 1; i >= 0; i--) {
        double v = right[i][c];
        for (int t = i + 1; t < n; t++) {
          v -= a[t][i] * right[t][c];
        }
        right[i][c] = free[i] ? 0 : v / a[i][i];
      }
    }
  }
}
