package org.cellweave.preprocess;

/**
 * Least squares with a few unknowns, rows given one by one: Givens updates of a triangular factor,
 * then the minimum-norm solution from its singular values.
 */
final class SmallLeastSquares {
  private static final double RELATIVE_RANK = 100 * Math.ulp(1.0);
  private static final int MAX_SWEEPS = 60;

  private final int k;
  private final double[][] r;
  private final double[] rhs;

  SmallLeastSquares(int k) {
    this.k = k;
    this.r = new double[k][k];
    this.rhs = new double[k];
  }

  /** Adds the equation {@code row . b = y}. */
  void add(double[] row, double y) {
    double[] a = row.clone();
    double b = y;
    for (int i = 0; i < k; i++) {
      if (a[i] == 0) {
        continue;
      }
      double h = Math.hypot(r[i][i], a[i]);
      double c = r[i][i] / h;
      double s = a[i] / h;
      for (int j = i; j < k; j++) {
        double upper = r[i][j];
        r[i][j] = c * upper + s * a[j];
        a[j] = c * a[j] - s * upper;
      }
      double upper = rhs[i];
      rhs[i] = c * upper + s * b;
      b = c * b - s * upper;
    }
  }

  /** Columns are scaled to unit length before small singular values are dropped. */
  double[] solve() {
    double[] scale = new double[k];
    double[][] a = new double[k][k];
    for (int j = 0; j < k; j++) {
      double square = 0;
      for (int i = 0; i < k; i++) {
        square += r[i][j] * r[i][j];
      }
      scale[j] = square > 0 ? Math.sqrt(square) : 1;
      for (int i = 0; i < k; i++) {
        a[i][j] = r[i][j] / scale[j];
      }
    }
    double[][] v = new double[k][k];
    orthogonalise(a, v);
    double[] b = pseudoSolve(a, v);
    for (int j = 0; j < k; j++) {
      b[j] /= scale[j];
    }
    return b;
  }

  /** One-sided Jacobi: afterwards the columns of {@code a = r v} are orthogonal. */
  private void orthogonalise(double[][] a, double[][] v) {
    for (int j = 0; j < k; j++) {
      v[j][j] = 1;
    }
    boolean rotated = true;
    for (int sweep = 0; sweep < MAX_SWEEPS && rotated; sweep++) {
      rotated = false;
      for (int p = 0; p < k; p++) {
        for (int q = p + 1; q < k; q++) {
          double alpha = dot(a, p, p);
          double beta = dot(a, q, q);
          double gamma = dot(a, p, q);
          if (Math.abs(gamma) > 1e-16 * Math.sqrt(alpha * beta)) {
            rotated = true;
            double zeta = (beta - alpha) / (2 * gamma);
            double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
            double c = 1 / Math.hypot(1, t);
            rotate(a, p, q, c, c * t);
            rotate(v, p, q, c, c * t);
          }
        }
      }
    }
  }

  private double[] pseudoSolve(double[][] a, double[][] v) {
    double largest = 0;
    for (int j = 0; j < k; j++) {
      largest = Math.max(largest, dot(a, j, j));
    }
    double[] b = new double[k];
    for (int j = 0; j < k; j++) {
      double square = dot(a, j, j);
      if (Math.sqrt(square) <= RELATIVE_RANK * Math.sqrt(largest)) {
        continue;
      }
      double projection = 0;
      for (int i = 0; i < k; i++) {
        projection += a[i][j] * rhs[i];
      }
      for (int i = 0; i < k; i++) {
        b[i] += v[i][j] * projection / square;
      }
    }
    return b;
  }

  private double dot(double[][] a, int p, int q) {
    double sum = 0;
    for (int i = 0; i < k; i++) {
      sum += a[i][p] * a[i][q];
    }
    return sum;
  }

  private void rotate(double[][] a, int p, int q, double c, double s) {
    for (int i = 0; i < k; i++) {
      double x = a[i][p];
      a[i][p] = c * x - s * a[i][q];
      a[i][q] = s * x + c * a[i][q];
    }
  }
}
