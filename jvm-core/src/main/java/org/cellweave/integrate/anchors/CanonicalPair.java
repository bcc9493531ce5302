package org.cellweave.integrate.anchors;

import java.util.stream.IntStream;
import org.cellweave.matrix.Matrix;

/**
 * Two sets of cells in the space of their canonical correlation, on the genes that vary in both.
 *
 * @param genes columns of both matrices, ascending
 * @param first cells by dimensions, row by row
 * @param second cells of the other set
 * @param loadings genes by dimensions: sums over the cells of both of scaled value times place
 */
record CanonicalPair(
    Matrix ofFirst,
    Matrix ofSecond,
    int[] genes,
    double[] first,
    double[] second,
    double[] loadings) {

  static CanonicalPair of(
      Matrix first, Matrix second, ScaledGenes one, ScaledGenes two, AnchorSearchParams search) {
    boolean[] inFirst = one.scaling().varies();
    boolean[] inSecond = two.scaling().varies();
    int[] genes =
        IntStream.range(0, inFirst.length).filter(j -> inFirst[j] && inSecond[j]).toArray();
    int k = search.dims();
    if (genes.length <= k) {
      throw new IllegalArgumentException(
          "cca with dims = "
              + k
              + " needs more genes than that which vary in both of two batches, got "
              + genes.length
              + ". Take fewer dims or more genes");
    }
    var a = one.on(genes);
    var b = two.on(genes);
    return of(first, second, genes, a, b, GeneSpace.canonical(a, b, k), k);
  }

  /** Of sets in which all genes vary, whose products are known. */
  static CanonicalPair of(
      Matrix first,
      Matrix second,
      ScaledGenes one,
      ScaledGenes two,
      GeneSpace.Factor ofOne,
      GeneSpace.Factor ofTwo,
      int k) {
    int[] genes = IntStream.range(0, one.nGenes()).toArray();
    return of(first, second, genes, one, two, GeneSpace.canonical(ofOne, ofTwo, k), k);
  }

  private static CanonicalPair of(
      Matrix first,
      Matrix second,
      int[] genes,
      ScaledGenes one,
      ScaledGenes two,
      GeneSpace.Correlation found,
      int k) {
    double[] loadings = one.transposedTimes(found.first(), k);
    double[] ofSecond = two.transposedTimes(found.second(), k);
    for (int i = 0; i < loadings.length; i++) {
      loadings[i] += ofSecond[i];
    }
    return new CanonicalPair(first, second, genes, found.first(), found.second(), loadings);
  }

  PairAnchors anchors(AnchorSearchParams search) {
    int k = search.dims();
    var spaces =
        NeighborSpaces.shared(
            NeighborSpaces.placed(first, k, search.l2Norm()),
            NeighborSpaces.placed(second, k, search.l2Norm()));
    return PairAnchors.find(spaces, search.kAnchor(), search.kScore(), filter(search));
  }

  private PairAnchors.Filter filter(AnchorSearchParams search) {
    if (!search.filters(ofFirst.nRows(), ofSecond.nRows())) {
      return PairAnchors::all;
    }
    int[] top = AnchorFilter.topGenes(loadings, search.dims(), search.maxFeatures());
    int[] columns = IntStream.of(top).map(g -> genes[g]).toArray();
    return new AnchorFilter(ofFirst, ofSecond, columns, search.kFilter());
  }
}
