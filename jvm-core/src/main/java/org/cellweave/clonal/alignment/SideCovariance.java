package org.cellweave.clonal.alignment;

import org.cellweave.linalg.SingularValues;

/** Covariance of the clones of one side of a step, and how one side gets that of the other. */
final class SideCovariance {
  /** Directions with less of the variance than this share stay as they are. */
  private static final double RANK = 1e-13;

  private SideCovariance() {}

  /**
   * @param rows coordinates of the clones of a side
   */
  static double[][] of(double[][] rows) {
    int d = rows[0].length;
    double[] mean = new double[d];
    for (double[] row : rows) {
      for (int j = 0; j < d; j++) {
        mean[j] += row[j] / rows.length;
      }
    }
    double[][] out = new double[d][d];
    for (double[] row : rows) {
      for (int r = 0; r < d; r++) {
        for (int j = 0; j < d; j++) {
          out[r][j] += (row[r] - mean[r]) * (row[j] - mean[j]) / rows.length;
        }
      }
    }
    return out;
  }

  static double total(double[][] covariance) {
    double total = 0;
    for (int j = 0; j < covariance.length; j++) {
      total += covariance[j][j];
    }
    return total;
  }

  /**
   * The symmetric linear map from one covariance to the other: of all that do it, the one that
   * moves points least on average.
   *
   * @see <a href="https://doi.org/10.1016/0024-3795(82)90112-4">Olkin and Pukelsheim 1982</a>
   */
  static double[][] between(double[][] from, double[][] to) {
    var values = SingularValues.of(from);
    double[][] root = values.power(0.5, RANK);
    double[][] inverse = values.power(-0.5, RANK);
    double[][] middle = AffineMap.product(AffineMap.product(root, to), root);
    double[][] half = SingularValues.of(middle).power(0.5, 0);
    return AffineMap.product(AffineMap.product(inverse, half), inverse);
  }
}
