package org.cellweave.integrate.pivots;

import java.util.Arrays;
import org.cellweave.linalg.MatrixProduct;
import org.cellweave.linalg.SingularValues;
import org.cellweave.linalg.SymmetricEigen;
import org.cellweave.matrix.DenseMatrix;

/**
 * Means and covariances of paired rows of two sets, from which canonical directions follow for any
 * penalty.
 *
 * @param meanX of the paired cells of the first set
 * @param meanY of the paired cells of the second set
 * @param ofX covariance within the first set
 * @param ofY covariance within the second set
 * @param between covariance of the first set with the second
 */
record PairedMoments(
    double[] meanX, double[] meanY, SymmetricEigen ofX, SymmetricEigen ofY, double[][] between) {
  /** Of the largest variance: directions with less say nothing. */
  private static final double NO_VARIANCE = 1e-8;

  /**
   * @param rowsX rows of x
   * @param rowsY rows of y that belong to them
   */
  static PairedMoments of(DenseMatrix x, DenseMatrix y, int[] rowsX, int[] rowsY) {
    double[] meanX = mean(x, rowsX);
    double[] meanY = mean(y, rowsY);
    return new PairedMoments(
        meanX,
        meanY,
        SymmetricEigen.of(covariance(x, rowsX, meanX, x, rowsX, meanX)),
        SymmetricEigen.of(covariance(y, rowsY, meanY, y, rowsY, meanY)),
        covariance(x, rowsX, meanX, y, rowsY, meanY));
  }

  /**
   * Canonical directions.
   *
   * @param penalty added to the variance along every direction, in units of their mean
   * @param wanted directions, at most
   */
  CanonicalMap map(double penalty, int wanted) {
    double[][] whiteX = whitening(ofX, penalty);
    double[][] whiteY = whitening(ofY, penalty);
    int size = Math.max(whiteX.length, whiteY.length);
    double[][] square = new double[size][size];
    double[][] both = MatrixProduct.of(MatrixProduct.of(whiteX, between), whiteY);
    for (int a = 0; a < both.length; a++) {
      System.arraycopy(both[a], 0, square[a], 0, both[a].length);
    }
    var singular = SingularValues.of(square);
    int k = Math.min(wanted, Math.min(whiteX.length, whiteY.length));
    double[] correlations = Arrays.stream(singular.s()).limit(k).map(r -> Math.min(1, r)).toArray();
    return new CanonicalMap(
        correlations,
        meanX,
        MatrixProduct.of(whiteX, columns(singular.u(), whiteX.length, k)),
        meanY,
        MatrixProduct.of(whiteY, columns(singular.v(), whiteY.length, k)));
  }

  private static double[][] whitening(SymmetricEigen of, double penalty) {
    double added = penalty * Arrays.stream(of.values()).sum() / of.values().length;
    double[] values = Arrays.stream(of.values()).map(v -> Math.max(0, v) + added).toArray();
    return new SymmetricEigen(values, of.vectors()).power(-0.5, NO_VARIANCE);
  }

  private static double[][] columns(double[][] of, int rows, int k) {
    double[][] out = new double[rows][];
    for (int r = 0; r < rows; r++) {
      out[r] = Arrays.copyOf(of[r], k);
    }
    return out;
  }

  private static double[] mean(DenseMatrix x, int[] rows) {
    double[] out = new double[x.nCols()];
    for (int i : rows) {
      for (int j = 0; j < out.length; j++) {
        out[j] += x.get(i, j) / rows.length;
      }
    }
    return out;
  }

  private static double[][] covariance(
      DenseMatrix a, int[] rowsA, double[] meanA, DenseMatrix b, int[] rowsB, double[] meanB) {
    double[][] out = new double[meanA.length][meanB.length];
    double[] left = new double[meanA.length];
    double[] right = new double[meanB.length];
    for (int p = 0; p < rowsA.length; p++) {
      a.readRow(rowsA[p], left);
      b.readRow(rowsB[p], right);
      for (int j = 0; j < left.length; j++) {
        double v = (left[j] - meanA[j]) / rowsA.length;
        for (int c = 0; c < right.length; c++) {
          out[j][c] += v * (right[c] - meanB[c]);
        }
      }
    }
    return out;
  }
}
