package org.cellweave.preprocess;

import org.cellweave.matrix.Matrix;

/**
 * Replaces every value that is not zero by 1, in place: whether a peak was seen, not how often. NaN
 * and infinite values are refused before anything is changed. Cost: two passes.
 */
public final class Binarize {
  private Binarize() {}

  /**
   * @param x changed in place
   */
  public static void run(Matrix x) {
    ValueFacts.of(x).requireFinite("binarize");
    EachValue.change(x, (i, j, v) -> 1);
  }
}
