package org.cellweave.integrate.factor;

/**
 * What is kept of a data set after its factors were learnt: enough to go on learning without its
 * cells.
 *
 * @param name of the set
 * @param nCells that were learnt from
 * @param v weights of the shared features that the set has for itself, as many rows of k
 * @param hh {@code H H'} of its cells, k by k
 * @param xh values of the shared features times H, as many rows of k
 * @param squares sum of the squared values of the shared features
 */
public record FactorSet(
    String name, int nCells, double[] v, double[][] hh, double[] xh, double squares) {

  /** The part that the set has in the objective, by its sums alone. */
  double misfit(double[] w, double lambda) {
    int k = hh.length;
    return squares
        + FactorAlgebra.misfit(xh, hh, FactorAlgebra.sum(w, v))
        + lambda * FactorAlgebra.dot(FactorAlgebra.inner(v, v, k), hh);
  }
}
