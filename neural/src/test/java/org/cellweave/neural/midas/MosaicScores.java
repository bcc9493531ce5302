package org.cellweave.neural.midas;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.NeighborVotes;
import org.cellweave.util.Progress;

/** How well the places of the three sets of 400 cells go together. */
final class MosaicScores {
  private static final int SET = 400;
  private static final int VOTES = 15;
  private static final int NEIGHBORS = 29;

  private MosaicScores() {}

  /**
   * Share of the cells of one set whose 15 nearest cells of another have their label most often.
   */
  static double transfer(DenseMatrix c, Categories types, int from, int to) {
    int[] reference = range(from);
    var near =
        CrossNeighbors.run(
            c.takeRows(reference), c.takeRows(range(to)), VOTES, Metric.EUCLIDEAN, Progress.NONE);
    int[] told =
        NeighborVotes.run(near, types.subset(reference), new NeighborVotes.Params(VOTES))
            .predicted();
    return IntStream.range(0, SET).filter(i -> told[i] == types.code(to * SET + i)).count()
        / (double) SET;
  }

  private static int[] range(int set) {
    return IntStream.range(set * SET, (set + 1) * SET).toArray();
  }

  /** Share of the 29 nearest other cells that are of a cell's own set. */
  static double own(DenseMatrix c) {
    var near = CrossNeighbors.run(c, c, NEIGHBORS + 1, Metric.EUCLIDEAN, Progress.NONE);
    int own = 0;
    for (int i = 0; i < c.nRows(); i++) {
      for (int k = 1; k <= NEIGHBORS; k++) {
        own += near.indices()[i * (NEIGHBORS + 1) + k] / SET == i / SET ? 1 : 0;
      }
    }
    return own / (double) (c.nRows() * NEIGHBORS);
  }

  /** Mean share of cells that lie nearer than a cell's other half, in both directions. */
  static double foscttm(Matrix first, Matrix second) {
    int n = first.nRows();
    var near = CrossNeighbors.run(first, second, n, Metric.EUCLIDEAN, Progress.NONE);
    double[][] d = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        d[i][near.indices()[i * n + k]] = near.distances()[i * n + k];
      }
    }
    long nearer = 0;
    for (int i = 0; i < n; i++) {
      double own = d[i][i];
      nearer += Arrays.stream(d[i]).filter(v -> v < own).count();
      for (double[] row : d) {
        nearer += row[i] < own ? 1 : 0;
      }
    }
    return nearer / (2.0 * n * n);
  }
}
