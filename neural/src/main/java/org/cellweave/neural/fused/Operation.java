package org.cellweave.neural.fused;

/**
 * An operation that a method brings to its networks. All arrays are row-major and may be longer
 * than what they hold.
 */
public interface Operation {
  /** Writes every value of {@code out}. */
  void forward(float[][] inputs, float[] out);

  /**
   * Adds to the gradients of the inputs what the gradient of the output gives them.
   *
   * @param outGradient of the loss by every value of {@code out}
   * @param inputGradients null at the place of an input that wants none
   */
  void back(float[][] inputs, float[] out, float[] outGradient, float[][] inputGradients);
}
