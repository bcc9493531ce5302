package org.cellweave.linalg;

/**
 * All eigenvalues of a small symmetric matrix, largest first, with vectors of length one whose
 * largest entry is positive.
 *
 * @param values largest first
 * @param byColumn entry r of vector c at {@code r * n + c}
 */
public record SymmetricEigen(double[] values, double[] byColumn) {
  /**
   * Entries this little below the largest count as equal to it: the first of them sets the sign.
   */
  private static final double TIE = 1e-9;

  /**
   * @param a row-major {@code n x n}; its lower triangle is read, nothing is changed
   */
  public static SymmetricEigen of(double[] a, int n) {
    // row-major and column-major are the same for a symmetric matrix but for the triangle
    double[] work = new double[n * n];
    for (int r = 0; r < n; r++) {
      for (int c = 0; c <= r; c++) {
        work[c * n + r] = a[r * n + c];
      }
    }
    double[] ascending = new double[n];
    Lapack.symmetricEigen(n, work, ascending);
    double[] values = new double[n];
    double[] byColumn = new double[n * n];
    for (int c = 0; c < n; c++) {
      int from = (n - 1 - c) * n;
      values[c] = ascending[n - 1 - c];
      double sign = sign(work, from, 1, n);
      for (int r = 0; r < n; r++) {
        byColumn[r * n + c] = sign * work[from + r];
      }
    }
    return new SymmetricEigen(values, byColumn);
  }

  /**
   * The sign that makes the largest of some entries positive: 1 or -1.
   *
   * @param from the first of them
   * @param step places between two of them
   * @param n how many
   */
  public static double sign(double[] v, int from, int step, int n) {
    int most = from;
    for (int k = 0; k < n; k++) {
      int at = from + k * step;
      if (Math.abs(v[at]) > Math.abs(v[most]) * (1 + TIE)) {
        most = at;
      }
    }
    return v[most] < 0 ? -1 : 1;
  }
}
