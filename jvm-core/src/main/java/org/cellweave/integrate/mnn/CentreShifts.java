package org.cellweave.integrate.mnn;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.Metric;
import org.cellweave.util.Elementary;
import org.cellweave.util.Median;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Moves cells by the shifts of their batch's centres, weighted by a Gaussian of the distance whose
 * width is the median distance of a cell to the nearest of them.
 *
 * @param before places of the centres
 * @param after where they have gone
 */
record CentreShifts(DenseMatrix before, DenseMatrix after) {
  private static final int BLOCK = 256;

  /**
   * @param x changed in the rows of {@code cells}
   * @param cells of one batch
   * @param centres of that batch
   */
  void apply(DenseMatrix x, int[] cells, int[] centres) {
    int n = centres.length;
    var found =
        CrossNeighbors.run(
            before.takeRows(centres), x.takeRows(cells), n, Metric.EUCLIDEAN, Progress.NONE);
    double[] nearest = new double[cells.length];
    for (int i = 0; i < cells.length; i++) {
      nearest[i] = found.distances()[i * n];
    }
    double width = Median.of(nearest);
    Parallel.forRange(
        cells.length,
        BLOCK,
        (from, to) -> {
          double[] row = new double[x.nCols()];
          double[] weights = new double[n];
          for (int i = from; i < to; i++) {
            weigh(found.distances(), i * n, width, weights);
            x.readRow(cells[i], row);
            for (int c = 0; c < n; c++) {
              add(weights[c], centres[found.indices()[i * n + c]], row);
            }
            x.setRow(cells[i], row);
          }
        });
  }

  private void add(double weight, int centre, double[] row) {
    for (int j = 0; j < row.length; j++) {
      row[j] += weight * (after.get(centre, j) - before.get(centre, j));
    }
  }

  /** Weights that add up to one, of ascending distances; without width the nearest has all. */
  static void weigh(double[] distances, int at, double width, double[] weights) {
    double sum = 0;
    for (int c = 0; c < weights.length; c++) {
      double beyond = (distances[at + c] - distances[at]) * (distances[at + c] + distances[at]);
      // relative to the nearest, so that far cells have weights, too
      weights[c] = beyond == 0 ? 1 : Elementary.exp(-beyond / (width * width));
      sum += weights[c];
    }
    for (int c = 0; c < weights.length; c++) {
      weights[c] /= sum;
    }
  }
}
