package org.cellweave.neural.fused;

import org.cellweave.neural.distributions.CountMath;
import org.cellweave.util.Elementary;

/** Dispersions of genes, one row or one per level, with what every cell needs of them. */
final class Dispersions {
  final int rows;
  final int genes;
  final double[] theta;

  /** One over theta and the epsilon. */
  final double[] inverse;

  /**
   * @param logs logarithms, row-major
   */
  Dispersions(float[] logs, int rows, int genes) {
    this.rows = rows;
    this.genes = genes;
    this.theta = new double[rows * genes];
    this.inverse = new double[rows * genes];
    for (int k = 0; k < theta.length; k++) {
      theta[k] = Elementary.exp(logs[k]);
      inverse[k] = 1 / (theta[k] + CountMath.EPSILON);
    }
  }
}
