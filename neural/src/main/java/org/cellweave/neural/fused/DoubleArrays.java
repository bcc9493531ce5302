package org.cellweave.neural.fused;

import java.util.ArrayDeque;

/** Arrays of one length that blocks of work use one after the other, from any thread. */
final class DoubleArrays {
  private final int length;
  private final ArrayDeque<double[]> free = new ArrayDeque<>();

  DoubleArrays(int length) {
    this.length = length;
  }

  /** Of any content. */
  synchronized double[] take() {
    return free.isEmpty() ? new double[length] : free.pop();
  }

  synchronized void giveBack(Iterable<double[]> arrays) {
    arrays.forEach(free::push);
  }
}
