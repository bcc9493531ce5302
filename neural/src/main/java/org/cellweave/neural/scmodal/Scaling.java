package org.cellweave.neural.scmodal;

import java.util.Arrays;
import org.cellweave.matrix.Matrix;

/**
 * Mean and deviation ({@code n - 1}) of every feature, by which values are centred and divided; 1
 * where a feature does not vary.
 */
record Scaling(double[] mean, double[] std) {
  /** Leaves values as they are. */
  static Scaling none(int features) {
    double[] ones = new double[features];
    Arrays.fill(ones, 1);
    return new Scaling(new double[features], ones);
  }

  static Scaling of(Matrix x) {
    Matrix.Moments moments = x.colMoments(1);
    double[] std = new double[x.nCols()];
    for (int j = 0; j < std.length; j++) {
      double deviation = Math.sqrt(moments.variance()[j]);
      std[j] = deviation > 0 ? deviation : 1;
    }
    return new Scaling(moments.mean(), std);
  }
}
