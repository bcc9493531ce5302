package org.cellweave.integrate.pivots;

import java.util.Arrays;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/**
 * Directions of two sets of coordinates along which paired cells go together.
 *
 * @param correlations descending; with a penalty they are smaller than those of the pairs
 * @param meanX of the paired cells of the first set
 * @param x coordinates of the first set by directions
 * @param meanY of the paired cells of the second set
 * @param y coordinates of the second set by directions
 * @see <a href="https://doi.org/10.1093/biomet/28.3-4.321">Hotelling 1936</a>
 */
record CanonicalMap(
    double[] correlations, double[] meanX, double[][] x, double[] meanY, double[][] y) {
  private static final int BLOCK = 512;

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
