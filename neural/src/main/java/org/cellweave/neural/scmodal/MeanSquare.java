package org.cellweave.neural.scmodal;

import org.cellweave.neural.fused.Operation;
import org.cellweave.util.Parallel;

/**
 * Mean of the squared differences between two nodes.
 *
 * @param size values of each
 */
record MeanSquare(int size) implements Operation {
  private static final int BLOCK = 1 << 15;

  @Override
  public void forward(float[][] inputs, float[] out) {
    float[] a = inputs[0];
    float[] b = inputs[1];
    double sum =
        Parallel.sum(
            size,
            BLOCK,
            (from, to) -> {
              double part = 0;
              for (int k = from; k < to; k++) {
                double gap = a[k] - b[k];
                part += gap * gap;
              }
              return part;
            });
    out[0] = (float) (sum / size);
  }

  @Override
  public void back(float[][] inputs, float[] out, float[] outGradient, float[][] inputGradients) {
    float factor = 2 * outGradient[0] / size;
    for (int side = 0; side < 2; side++) {
      float[] to = inputGradients[side];
      if (to != null) {
        float[] own = inputs[side];
        float[] other = inputs[1 - side];
        Parallel.forRange(
            size,
            BLOCK,
            (from, end) -> {
              for (int k = from; k < end; k++) {
                to[k] += factor * (own[k] - other[k]);
              }
            });
      }
    }
  }
}
