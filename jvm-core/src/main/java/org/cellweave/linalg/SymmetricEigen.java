package org.cellweave.linalg;

import org.cellweave.util.Elementary;

/**
 * All eigenvalues of a small symmetric matrix, largest first, with vectors of length one whose
 * largest entry is positive; and what follows from them for a covariance: its rank and its powers.
 *
 * @param values largest first
 * @param vectors in columns
 * @see <a href="https://doi.org/10.1137/1.9780898719604">Anderson et al. 1999, LAPACK</a>
 */
public record SymmetricEigen(double[] values, double[][] vectors) {
  /**
   * Entries this little below the largest count as equal to it: the first of them sets the sign.
   */
  private static final double TIE = 1e-9;

  /**
   * @param a square; its lower triangle is read, nothing is changed
   */
  public static SymmetricEigen of(double[][] a) {
    int n = a.length;
    double[] work = new double[n * n];
    for (int r = 0; r < n; r++) {
      for (int c = 0; c <= r; c++) {
        work[c * n + r] = a[r][c];
      }
    }
    double[] ascending = new double[n];
    Lapack.symmetricEigen(n, work, ascending);
    double[] values = new double[n];
    double[][] vectors = new double[n][n];
    for (int c = 0; c < n; c++) {
      int from = (n - 1 - c) * n;
      values[c] = ascending[n - 1 - c];
      double sign = sign(work, from, 1, n);
      for (int r = 0; r < n; r++) {
        vectors[r][c] = sign * work[from + r];
      }
    }
    return new SymmetricEigen(values, vectors);
  }

  /** Eigenvalues above {@code relative} of the largest, of a matrix that has none below zero. */
  public int rank(double relative) {
    int rank = 0;
    while (rank < values.length && values[rank] > relative * values[0]) {
      rank++;
    }
    return rank;
  }

  /**
   * A matrix without negative eigenvalues to the power of {@code exponent}; directions beyond
   * {@link #rank(double)} stay zero.
   */
  public double[][] power(double exponent, double relative) {
    int n = values.length;
    int rank = rank(relative);
    double[][] out = new double[n][n];
    for (int k = 0; k < rank; k++) {
      double raised = Elementary.pow(values[k], exponent);
      for (int r = 0; r < n; r++) {
        for (int c = 0; c < n; c++) {
          out[r][c] += raised * vectors[r][k] * vectors[c][k];
        }
      }
    }
    return out;
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
