package org.cellweave.neural.midas;

import org.cellweave.neural.fused.Operation;

/**
 * How far the places of a cell by its modalities lie apart: squared distances from their mean,
 * summed over modalities and dimensions, the mean over cells. An input per modality.
 */
final class Spread implements Operation {
  private final int rows;
  private final int dims;

  Spread(int rows, int dims) {
    this.rows = rows;
    this.dims = dims;
  }

  @Override
  public void forward(float[][] inputs, float[] out) {
    double sum = 0;
    for (int k = 0; k < rows * dims; k++) {
      double mean = mean(inputs, k);
      for (float[] place : inputs) {
        double d = place[k] - mean;
        sum += d * d;
      }
    }
    out[0] = (float) (sum / rows);
  }

  private static double mean(float[][] inputs, int k) {
    double sum = 0;
    for (float[] place : inputs) {
      sum += place[k];
    }
    return sum / inputs.length;
  }

  @Override
  public void back(float[][] inputs, float[] out, float[] outGradient, float[][] into) {
    double each = 2 * outGradient[0] / rows;
    for (int k = 0; k < rows * dims; k++) {
      double mean = mean(inputs, k);
      for (int m = 0; m < inputs.length; m++) {
        if (into[m] != null) {
          into[m][k] += (float) (each * (inputs[m][k] - mean));
        }
      }
    }
  }
}
