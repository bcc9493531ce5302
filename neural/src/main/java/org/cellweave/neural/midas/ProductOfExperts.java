package org.cellweave.neural.midas;

import org.cellweave.neural.fused.Operation;
import org.cellweave.util.Elementary;

/**
 * The product of normal distributions, one per input, and a standard one. Rows hold means, then as
 * many logarithms of variances.
 */
final class ProductOfExperts implements Operation {
  private final int rows;
  private final int dims;

  ProductOfExperts(int rows, int dims) {
    this.rows = rows;
    this.dims = dims;
  }

  @Override
  public void forward(float[][] inputs, float[] out) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < dims; j++) {
        int mean = 2 * i * dims + j;
        double precision = 1;
        double sum = 0;
        for (float[] expert : inputs) {
          double t = Elementary.exp(-expert[mean + dims]);
          precision += t;
          sum += t * expert[mean];
        }
        out[mean] = (float) (sum / precision);
        out[mean + dims] = (float) -Elementary.log(precision);
      }
    }
  }

  @Override
  public void back(float[][] inputs, float[] out, float[] outGradient, float[][] into) {
    for (int e = 0; e < inputs.length; e++) {
      if (into[e] == null) {
        continue;
      }
      float[] expert = inputs[e];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < dims; j++) {
          int mean = 2 * i * dims + j;
          // its share of the precision
          double share = Elementary.exp(out[mean + dims] - expert[mean + dims]);
          double along = outGradient[mean];
          into[e][mean] += (float) (along * share);
          into[e][mean + dims] +=
              (float) (share * (outGradient[mean + dims] - along * (expert[mean] - out[mean])));
        }
      }
    }
  }
}
