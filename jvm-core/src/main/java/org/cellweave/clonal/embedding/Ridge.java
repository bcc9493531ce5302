package org.cellweave.clonal.embedding;

import org.cellweave.util.Check;

/** The penalty that keeps the coordinates of a single clone finite. */
final class Ridge {
  private Ridge() {}

  /**
   * @return {@code ridge}
   * @throws IllegalArgumentException when it is not positive or infinite
   */
  static double required(double ridge) {
    if (!(ridge > 0)) {
      throw new IllegalArgumentException(
          "ridge must be positive, got "
              + ridge
              + ": without it a clone that meets few contexts has no finite place");
    }
    return Check.finite(ridge, "ridge");
  }
}
