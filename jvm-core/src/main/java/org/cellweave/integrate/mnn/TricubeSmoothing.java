package org.cellweave.integrate.mnn;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.Metric;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Moves every cell by the mean shift of the nearest cells that have one, near ones counting more.
 *
 * <p>A weight falls to zero at a multiple of the distance to the middle one of the nearest; where
 * all fall to zero, all count the same.
 */
final class TricubeSmoothing {
  private static final int BLOCK = 256;

  /** Bandwidths below count as this. */
  private static final double LEAST = 1e-8;

  private TricubeSmoothing() {}

  /**
   * Changes the rows of {@code cells}.
   *
   * @param k how many of the nearest, or as many as there are
   * @param ndist that multiple
   */
  static void apply(DenseMatrix x, int[] cells, MeanShifts shifts, int k, double ndist) {
    int nearest = Math.min(k, shifts.cells().length);
    var found =
        CrossNeighbors.run(
            x.takeRows(shifts.cells()),
            x.takeRows(cells),
            nearest,
            Metric.EUCLIDEAN,
            Progress.NONE);
    Parallel.forRange(
        cells.length,
        BLOCK,
        (from, to) -> {
          double[] row = new double[x.nCols()];
          double[] weights = new double[nearest];
          for (int i = from; i < to; i++) {
            weigh(found.distances(), i * nearest, ndist, weights);
            x.readRow(cells[i], row);
            for (int c = 0; c < nearest; c++) {
              double[] shift = shifts.shifts()[found.indices()[i * nearest + c]];
              for (int j = 0; j < row.length; j++) {
                row[j] += weights[c] * shift[j];
              }
            }
            x.setRow(cells[i], row);
          }
        });
  }

  /** Weights that add up to one, of ascending distances. */
  static void weigh(double[] distances, int at, double ndist, double[] weights) {
    int middle = (weights.length + 1) / 2 - 1;
    double bandwidth = Math.max(LEAST, ndist * distances[at + middle]);
    double sum = 0;
    for (int c = 0; c < weights.length; c++) {
      double share = Math.min(1, distances[at + c] / bandwidth);
      double rest = 1 - share * share * share;
      weights[c] = rest * rest * rest;
      sum += weights[c];
    }
    for (int c = 0; c < weights.length; c++) {
      weights[c] = sum > 0 ? weights[c] / sum : 1.0 / weights.length;
    }
  }
}
