package org.cellweave.preprocess;

import org.cellweave.matrix.Matrix;

/**
 * Replaces every value that is not zero by 1, in place: whether a peak was seen, not how often. NaN
 * and infinite values are refused before anything is changed. Cost: two passes.
 */
public final class Binarize {
  private Binarize() {}

  /** What {@link #run} refuses, of a matrix of any type that is to become float32 first. */
  public static void check(Matrix x) {
    ValueFacts.of(x).requireFloat32("binarize");
  }

  /**
   * @param x changed in place
   */
  public static void run(Matrix x) {
    check(x);
    EachValue.change(x, (i, j, v) -> 1);
  }
}
