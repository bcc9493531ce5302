package org.cellweave.integrate.mosaic;

import org.cellweave.linalg.Blas;
import org.cellweave.linalg.SymmetricEigen;
import org.cellweave.util.Elementary;

/**
 * Ridge regression of several targets on standardised features, with one penalty for all of them:
 * the given one, or that of least generalised cross-validation error on a grid. One decomposition
 * of the features' inner products serves every penalty and target. The intercept is free.
 *
 * @param w features by targets, row-major
 * @param penalty that was used
 * @see <a href="https://doi.org/10.1080/00401706.1979.10489751">Golub, Heath, Wahba 1979</a>
 */
record RidgeFit(double[] w, double penalty) {
  private static final int STEPS = 49;

  /** Of the largest eigenvalue. */
  private static final double LEAST = 1e-9;

  private static final double MOST = 1e3;

  /**
   * @param eigen of the inner products of the columns
   * @param columns ascending
   * @param nCells of the part
   * @param penalty 0 to choose one
   */
  static RidgeFit of(
      SymmetricEigen eigen, int[] columns, Target target, int nCells, double penalty) {
    double[] along = times(eigen.vectors(), true, target.cross(columns), target.size());
    double[] squares = new double[columns.length];
    for (int c = 0; c < squares.length; c++) {
      for (int r = 0; r < target.size(); r++) {
        squares[c] += along[c * target.size() + r] * along[c * target.size() + r];
      }
    }
    double[] of = eigen.values();
    double used = penalty > 0 ? penalty : chosen(of, squares, target.squares(), nCells);
    for (int c = 0; c < of.length; c++) {
      for (int r = 0; r < target.size(); r++) {
        along[c * target.size() + r] /= Math.max(0, of[c]) + used;
      }
    }
    return new RidgeFit(times(eigen.vectors(), false, along, target.size()), used);
  }

  private static double chosen(double[] eigenvalues, double[] squares, double total, int n) {
    double best = eigenvalues[0] * MOST;
    double least = Double.POSITIVE_INFINITY;
    for (int s = STEPS - 1; s >= 0; s--) {
      double penalty = eigenvalues[0] * LEAST * Elementary.pow(MOST / LEAST, s / (STEPS - 1.0));
      double error = error(eigenvalues, squares, total, n, penalty);
      if (error < least) {
        least = error;
        best = penalty;
      }
    }
    return best;
  }

  /** Generalised cross-validation; infinite where no degree of freedom is left. */
  private static double error(double[] of, double[] squares, double total, int n, double penalty) {
    double freedom = n - 1;
    double residual = total;
    for (int c = 0; c < of.length; c++) {
      double value = Math.max(0, of[c]);
      double denominator = value + penalty;
      freedom -= value / denominator;
      residual -= squares[c] * (value + 2 * penalty) / (denominator * denominator);
    }
    return freedom > 0.5 ? Math.max(0, residual) / (freedom * freedom) : Double.POSITIVE_INFINITY;
  }

  /** A square matrix, or its transpose, times one of k columns. */
  private static double[] times(double[][] a, boolean transposed, double[] b, int k) {
    int p = a.length;
    double[] out = new double[b.length];
    try (var left = Blas.doubles((long) p * p);
        var right = Blas.doubles(b.length);
        var product = Blas.doubles(b.length)) {
      for (int i = 0; i < p; i++) {
        left.position((long) i * p).put(a[i]);
      }
      left.position(0);
      right.put(b);
      if (transposed) {
        Blas.gemmTn(p, k, p, left, p, right, product);
      } else {
        Blas.gemmNn(p, k, p, left, right, product);
      }
      product.get(out);
    }
    return out;
  }
}
