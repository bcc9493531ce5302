package org.cellweave.neural.scmodal;

import org.cellweave.neural.fused.Operation;

/**
 * The rows of one node above those of another.
 *
 * @param size values of each
 */
record Stack(int size) implements Operation {
  @Override
  public void forward(float[][] inputs, float[] out) {
    System.arraycopy(inputs[0], 0, out, 0, size);
    System.arraycopy(inputs[1], 0, out, size, size);
  }

  @Override
  public void back(float[][] inputs, float[] out, float[] outGradient, float[][] inputGradients) {
    for (int side = 0; side < 2; side++) {
      float[] to = inputGradients[side];
      for (int k = 0; to != null && k < size; k++) {
        to[k] += outGradient[side * size + k];
      }
    }
  }
}
