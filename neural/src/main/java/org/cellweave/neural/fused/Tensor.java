package org.cellweave.neural.fused;

import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.neural.nn.Node;

/**
 * A value on the tape, row-major, with the gradient of the loss once the way back has reached it.
 */
final class Tensor implements Node {
  final int rows;
  final int cols;
  final float[] value;

  /** Null until the way back begins, and where nothing behind it is trained. */
  float[] gradient;

  /** Room of the same size off the heap for who made it; null without. */
  FloatPointer offHeap;

  /** Whether {@code offHeap} holds what {@code gradient} does. */
  boolean gradientIsOffHeap;

  private final boolean wantsGradient;

  Tensor(int rows, int cols, float[] value, boolean wantsGradient) {
    this.rows = rows;
    this.cols = cols;
    this.value = value;
    this.wantsGradient = wantsGradient;
  }

  @Override
  public int cols() {
    return cols;
  }

  int size() {
    return rows * cols;
  }

  boolean wantsGradient() {
    return wantsGradient;
  }
}
