package org.cellweave.metrics;

import java.util.SplittableRandom;
import org.cellweave.matrix.DenseMatrix;

/** Normal clouds around random centres, for tests. */
record Clouds(DenseMatrix points, int[] labels) {
  /** {@code spread} is the distance of the centres in standard deviations. */
  static Clouds of(int nClouds, int cellsEach, int d, double spread, long seed) {
    var random = new SplittableRandom(seed);
    double[][] centres = new double[nClouds][d];
    for (double[] centre : centres) {
      for (int j = 0; j < d; j++) {
        centre[j] = spread * random.nextGaussian();
      }
    }
    double[][] rows = new double[nClouds * cellsEach][d];
    int[] labels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      labels[i] = i % nClouds;
      for (int j = 0; j < d; j++) {
        rows[i][j] = centres[labels[i]][j] + random.nextGaussian();
      }
    }
    return new Clouds(DenseMatrix.ofRows(rows), labels);
  }
}
