package org.cellweave.contract;

import org.cellweave.matrix.Matrix;
import org.cellweave.util.Progress;

/**
 * A method and what it reads: the cells, or a graph of them that was made before, so that what a
 * contract asks of the method is not answered by the search for neighbours.
 *
 * @param input what a run must leave as it is
 */
public record Prepared<R>(Matrix input, Body<R> body) {
  /** One run of the method on its input. */
  @FunctionalInterface
  public interface Body<R> {
    R run(long seed, Progress progress);
  }

  R run(long seed) {
    return body.run(seed, Progress.NONE);
  }

  /** A copy of all numbers of the input. */
  double[] values() {
    return valuesOf(input);
  }

  static double[] valuesOf(Matrix x) {
    return x.toDense().toFloat64().doubleData().clone();
  }
}
