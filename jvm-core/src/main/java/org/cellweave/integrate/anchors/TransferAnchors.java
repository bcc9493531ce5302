package org.cellweave.integrate.anchors;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Anchors between a reference and a query, by which {@link AnchorTransfer} carries what is known
 * about the cells of the one to those of the other; nothing is corrected.
 *
 * <p>The space is the reference's principal components, in which the query's cells are projected
 * after scaling by the reference's moments; or that of canonical correlation. As the present Seurat
 * no filter is the default; version 4.3.0, whose numbers are matched, filters by 200. Cost: {@code
 * m p^2} for m reference cells of p genes, and {@code m n d} for neighbours, which are exact.
 *
 * @see <a href="https://doi.org/10.1016/j.cell.2019.05.031">Stuart et al. 2019</a>
 */
public final class TransferAnchors {
  private TransferAnchors() {}

  /** In which space. */
  public enum Reduction {
    /** The query projected on the reference's principal components. */
    PCAPROJECT,
    /** Canonical correlation of the two. */
    CCA
  }

  /**
   * @param reduction the space
   * @param npcs principal components of the reference to compute, at least the dims
   * @param search how anchors are found there
   */
  public record Params(Reduction reduction, int npcs, AnchorSearchParams search) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(npcs, "npcs");
      if (reduction == Reduction.PCAPROJECT && npcs < search.dims()) {
        throw new IllegalArgumentException(
            "npcs must be at least dims, got npcs = " + npcs + " and dims = " + search.dims());
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Reduction reduction = Reduction.PCAPROJECT;
      private int npcs = 30;
      private AnchorSearchParams search = AnchorSearchParams.builder().kFilter(null).build();

      private Builder() {}

      public Builder reduction(Reduction value) {
        reduction = value;
        return this;
      }

      public Builder npcs(int value) {
        npcs = value;
        return this;
      }

      public Builder search(AnchorSearchParams value) {
        search = value;
        return this;
      }

      public Params build() {
        return new Params(reduction, npcs, search);
      }
    }
  }

  /**
   * Anchor {@code a} joins a cell of the reference and one of the query.
   *
   * @param reference row in the reference, ascending
   * @param query row in the query
   * @param scores between 0 and 1
   * @param coordinates of the query's cells in the space, not brought to length one
   * @param warnings a sentence each
   */
  public record Result(
      int[] reference,
      int[] query,
      double[] scores,
      DenseMatrix coordinates,
      List<String> warnings) {}

  /**
   * @param reference cells by genes, logarithms of normalised counts
   * @param query other cells, same genes in the same order
   * @throws IllegalArgumentException when a set has too few cells, or no cells are mutual
   *     neighbours
   */
  public static Result run(Matrix reference, Matrix query, Params params, Progress progress) {
    var search = params.search();
    Check.sameLength(query.nCols(), reference.nCols(), "the genes of query", "those of reference");
    Finite.require(reference, "reference", "a search for anchors");
    Finite.require(query, "query", "a search for anchors");
    requireCells(reference, "the reference", search);
    requireCells(query, "the query", search);
    int used = params.reduction() == Reduction.CCA ? search.dims() : params.npcs();
    if (Math.min(reference.nCols(), reference.nRows()) <= used) {
      throw new IllegalArgumentException(
          used
              + " dimensions need more genes and reference cells than that, got "
              + reference.nCols()
              + " genes that both have, and "
              + reference.nRows()
              + " cells. Take fewer, or check the names of the genes");
    }
    var space =
        params.reduction() == Reduction.CCA
            ? canonical(reference, query, search)
            : projected(reference, query, params);
    progress.step("transfer anchors", 1, 1, Double.NaN);
    var found = space.anchors();
    if (found.size() == 0) {
      throw new IllegalArgumentException(
          "no cells of reference and query are among each other's kAnchor = "
              + search.kAnchor()
              + " nearest. Use a larger kAnchor, or no kFilter");
    }
    List<String> warnings = new ArrayList<>();
    if (search.kFilter() != null && !search.filters(reference.nRows(), query.nRows())) {
      warnings.add("anchors are not filtered: fewer cells than kFilter = " + search.kFilter());
    }
    return new Result(found.first(), found.second(), found.scores(), space.coordinates(), warnings);
  }

  private static void requireCells(Matrix x, String what, AnchorSearchParams search) {
    if (x.nRows() < search.leastCells()) {
      throw new IllegalArgumentException(
          what
              + " has "
              + x.nRows()
              + " cells, but "
              + search.asks("a search for anchors")
              + " needs at least "
              + search.leastCells());
    }
  }

  private record Searched(PairAnchors anchors, DenseMatrix coordinates) {}

  private static Searched canonical(Matrix reference, Matrix query, AnchorSearchParams search) {
    var pair =
        CanonicalPair.of(
            reference, query, ScaledGenes.of(reference), ScaledGenes.of(query), search);
    return new Searched(
        pair.anchors(search), DenseMatrix.wrap(pair.second(), query.nRows(), search.dims()));
  }

  private static Searched projected(Matrix reference, Matrix query, Params params) {
    var search = params.search();
    int k = search.dims();
    var own = ScaledGenes.of(reference);
    double[] loadings = head(GeneSpace.principal(own, params.npcs()), params.npcs(), k);
    double[] first = own.times(loadings, k);
    double[] second = ScaledGenes.of(query, own.scaling()).times(loadings, k);
    var spaces =
        NeighborSpaces.shared(
            NeighborSpaces.placed(first, k, search.l2Norm()),
            NeighborSpaces.placed(second, k, search.l2Norm()));
    PairAnchors.Filter filter =
        search.filters(reference.nRows(), query.nRows())
            ? new AnchorFilter(
                reference,
                query,
                AnchorFilter.topGenes(loadings, k, search.maxFeatures()),
                search.kFilter())
            : PairAnchors::all;
    return new Searched(
        PairAnchors.find(spaces, search.kAnchor(), search.kScore(), filter),
        DenseMatrix.wrap(second, query.nRows(), k));
  }

  /** The first k of every {@code from} columns. */
  private static double[] head(double[] x, int from, int k) {
    double[] out = new double[x.length / from * k];
    for (int i = 0; i < out.length; i++) {
      out[i] = x[i / k * from + i % k];
    }
    return out;
  }
}
