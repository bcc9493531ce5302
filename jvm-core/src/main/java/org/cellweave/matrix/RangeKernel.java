package org.cellweave.matrix;

import java.io.Serializable;

/**
 * What a range of rows gives to a pass over a matrix. It may run in another process: it must hold
 * nothing but what can be sent there, and change nothing but what it returns.
 *
 * @param <T> such as sums of columns
 */
@FunctionalInterface
public interface RangeKernel<T> extends Serializable {
  /** Works on rows {@code from <= i < to}. */
  T of(Rows rows, int from, int to);

  /** Receives what the ranges give, in order. */
  @FunctionalInterface
  interface Take<T> {
    /**
     * @param from first row of the range
     */
    void part(int from, T part);
  }
}
