package org.cellweave.integrate.pivots;

import java.util.Arrays;
import org.cellweave.linalg.MatrixProduct;
import org.cellweave.linalg.SingularValues;
import org.cellweave.linalg.SymmetricEigen;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/**
 * Directions of two sets of coordinates along which paired cells go together.
 *
 * @param correlations descending
 * @param meanX of the paired cells of the first set
 * @param x coordinates of the first set by directions
 * @param meanY of the paired cells of the second set
 * @param y coordinates of the second set by directions
 * @see <a href="https://doi.org/10.1093/biomet/28.3-4.321">Hotelling 1936</a>
 */
record CanonicalMap(
    double[] correlations, double[] meanX, double[][] x, double[] meanY, double[][] y) {
  private static final int BLOCK = 512;

  /** Of the largest variance: directions with less say nothing. */
  private static final double NO_VARIANCE = 1e-8;

  /**
   * @param pairs rows of x and of y that belong together
   */
  static CanonicalMap of(DenseMatrix x, DenseMatrix y, int[][] pairs, int wanted) {
    double[] meanX = mean(x, pairs[0]);
    double[] meanY = mean(y, pairs[1]);
    double[][] whiteX = covariance(x, pairs[0], meanX, x, pairs[0], meanX);
    double[][] whiteY = covariance(y, pairs[1], meanY, y, pairs[1], meanY);
    whiteX = SymmetricEigen.of(whiteX).power(-0.5, NO_VARIANCE);
    whiteY = SymmetricEigen.of(whiteY).power(-0.5, NO_VARIANCE);
    double[][] between = covariance(x, pairs[0], meanX, y, pairs[1], meanY);
    int size = Math.max(whiteX.length, whiteY.length);
    double[][] square = new double[size][size];
    double[][] left = times(whiteX, between);
    double[][] both = times(left, whiteY);
    for (int a = 0; a < both.length; a++) {
      System.arraycopy(both[a], 0, square[a], 0, both[a].length);
    }
    var singular = SingularValues.of(square);
    int k = Math.min(wanted, Math.min(whiteX.length, whiteY.length));
    double[] correlations = Arrays.stream(singular.s()).limit(k).map(r -> Math.min(1, r)).toArray();
    return new CanonicalMap(
        correlations,
        meanX,
        times(whiteX, columns(singular.u(), whiteX.length, k)),
        meanY,
        times(whiteY, columns(singular.v(), whiteY.length, k)));
  }

  private static double[][] columns(double[][] of, int rows, int k) {
    double[][] out = new double[rows][];
    for (int r = 0; r < rows; r++) {
      out[r] = Arrays.copyOf(of[r], k);
    }
    return out;
  }

  private static double[][] times(double[][] a, double[][] b) {
    return MatrixProduct.of(a, b);
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

  /** All cells of the first set along the directions, each weighed by its correlation. */
  DenseMatrix placesOfX(DenseMatrix cells) {
    return places(cells, meanX, x);
  }

  /** As {@link #placesOfX}, of the second set. */
  DenseMatrix placesOfY(DenseMatrix cells) {
    return places(cells, meanY, y);
  }

  private DenseMatrix places(DenseMatrix cells, double[] mean, double[][] w) {
    int k = correlations.length;
    var out = DenseMatrix.zeros(cells.nRows(), k, DType.FLOAT64);
    Parallel.forRange(
        cells.nRows(),
        BLOCK,
        (from, to) -> {
          double[] row = new double[mean.length];
          double[] place = new double[k];
          for (int i = from; i < to; i++) {
            cells.readRow(i, row);
            Arrays.fill(place, 0);
            for (int j = 0; j < row.length; j++) {
              for (int c = 0; c < k; c++) {
                place[c] += (row[j] - mean[j]) * w[j][c];
              }
            }
            for (int c = 0; c < k; c++) {
              place[c] *= correlations[c];
            }
            out.setRow(i, place);
          }
        });
    return out;
  }
}
