package org.cellweave.neural.midas;

import org.cellweave.neural.fused.Operation;
import org.cellweave.util.Elementary;

/**
 * Divergence of the distributions of some dimensions from the standard normal one: the mean over
 * rows, which hold means, then as many logarithms of variances.
 */
final class Divergence implements Operation {
  private final int rows;
  private final int dims;
  private final int from;
  private final int to;

  Divergence(int rows, int dims, int from, int to) {
    this.rows = rows;
    this.dims = dims;
    this.from = from;
    this.to = to;
  }

  @Override
  public void forward(float[][] inputs, float[] out) {
    float[] q = inputs[0];
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      for (int j = from; j < to; j++) {
        double mean = q[2 * i * dims + j];
        double log = q[2 * i * dims + dims + j];
        sum += 0.5 * (mean * mean + Elementary.expm1(log) - log);
      }
    }
    out[0] = (float) (sum / rows);
  }

  @Override
  public void back(float[][] inputs, float[] out, float[] outGradient, float[][] into) {
    float[] q = inputs[0];
    double each = outGradient[0] / rows;
    for (int i = 0; i < rows; i++) {
      for (int j = from; j < to; j++) {
        int mean = 2 * i * dims + j;
        into[0][mean] += (float) (each * q[mean]);
        into[0][mean + dims] += (float) (each * 0.5 * Elementary.expm1(q[mean + dims]));
      }
    }
  }
}
