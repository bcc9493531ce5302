package org.cellweave.clonal.alignment;

import org.cellweave.linalg.MatrixProduct;
import org.cellweave.linalg.SingularValues;
import org.cellweave.linalg.SymmetricEigen;

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
    var values = SymmetricEigen.of(from);
    double[][] root = values.power(0.5, RANK);
    double[][] inverse = values.power(-0.5, RANK);
    // the root of root x to x root, without the square that its eigenvalues would be taken of
    double[][] both = MatrixProduct.of(SymmetricEigen.of(to).power(0.5, 0), root);
    double[][] half = SingularValues.of(both).stretch();
    return MatrixProduct.of(MatrixProduct.of(inverse, half), inverse);
  }
}
