package org.cellweave.integrate.harmony;

import org.cellweave.util.Elementary;

/** Shares of a cell in clusters that stay where they are, by the closeness of directions alone. */
final class DirectionShares {
  private final double[] directions;
  private final int nClusters;
  private final int dims;
  private final double sigma;

  /**
   * @param directions of the clusters, at unit length, one after another
   * @param sigma width of the assignment
   */
  DirectionShares(double[] directions, int nClusters, double sigma) {
    this.directions = directions;
    this.nClusters = nClusters;
    this.dims = directions.length / nClusters;
    this.sigma = sigma;
  }

  /**
   * @param cell brought to unit length here
   * @param out one share for every cluster; they sum to one
   */
  void of(double[] cell, double[] out) {
    UnitRows.normaliseRow(cell, 0, dims);
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < nClusters; k++) {
      double dot = 0;
      for (int c = 0; c < dims; c++) {
        dot += cell[c] * directions[k * dims + c];
      }
      out[k] = dot;
      most = Math.max(most, dot);
    }
    double sum = 0;
    for (int k = 0; k < nClusters; k++) {
      out[k] = Elementary.exp(2 * (out[k] - most) / sigma);
      sum += out[k];
    }
    for (int k = 0; k < nClusters; k++) {
      out[k] /= sum;
    }
  }
}
