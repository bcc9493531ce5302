package org.cellweave.integrate.anchors;

import org.cellweave.matrix.DenseMatrix;

/**
 * Where the cells of two sets look for neighbours: among their own, and among the other's. In a
 * space that both share the six are two; with reciprocal components every set has a space of its
 * own, in which the cells of the other are projected.
 *
 * @param first cells of the first set where they look for each other
 * @param second the same of the second set
 * @param firstAbroad cells of the first set as they look for the second's
 * @param secondAtHome cells of the second as those find them
 * @param secondAbroad cells of the second set as they look for the first's
 * @param firstAtHome cells of the first as those find them
 */
record NeighborSpaces(
    DenseMatrix first,
    DenseMatrix second,
    DenseMatrix firstAbroad,
    DenseMatrix secondAtHome,
    DenseMatrix secondAbroad,
    DenseMatrix firstAtHome) {

  static NeighborSpaces shared(DenseMatrix first, DenseMatrix second) {
    return new NeighborSpaces(first, second, first, second, second, first);
  }

  /**
   * Rows of length one; a row of zeros stays.
   *
   * @param x row by row; not changed
   */
  static DenseMatrix unit(double[] x, int k) {
    double[] out = x.clone();
    for (int from = 0; from < out.length; from += k) {
      double squares = 0;
      for (int c = 0; c < k; c++) {
        squares += out[from + c] * out[from + c];
      }
      double factor = squares > 0 ? 1 / Math.sqrt(squares) : 0;
      for (int c = 0; c < k; c++) {
        out[from + c] *= factor;
      }
    }
    return DenseMatrix.wrap(out, out.length / k, k);
  }

  /** As {@link #unit} where it is asked for. */
  static DenseMatrix placed(double[] x, int k, boolean unit) {
    return unit ? unit(x, k) : DenseMatrix.wrap(x.clone(), x.length / k, k);
  }
}
