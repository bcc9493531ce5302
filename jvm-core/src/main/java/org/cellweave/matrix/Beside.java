package org.cellweave.matrix;

/** Changes some numbers by those that stand beside them. */
interface Beside {
  /** Writes into {@code a}, of which the first {@code n} count. */
  void apply(double[] a, double[] b, int n);
}
