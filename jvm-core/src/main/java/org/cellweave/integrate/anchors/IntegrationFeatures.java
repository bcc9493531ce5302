package org.cellweave.integrate.anchors;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.Matrix;
import org.cellweave.preprocess.HighlyVariableGenes;
import org.cellweave.util.Check;

/**
 * Genes that vary in many batches: every batch ranks its own by {@link HighlyVariableGenes}, flavor
 * {@code SEURAT_V3}, and those among the first of most batches are taken.
 *
 * <p>Genes of more batches than the last one taken come first, by the median of their ranks in the
 * batches that name them; then those of as many batches as that one, by the same. Ties: more
 * batches, then the name first in the alphabet. Cost: two walks over the values. Numbers matched:
 * Seurat 4.3.0.
 *
 * @see <a href="https://doi.org/10.1016/j.cell.2019.05.031">Stuart et al. 2019</a>
 */
public final class IntegrationFeatures {
  private IntegrationFeatures() {}

  /**
   * @param nFeatures genes to choose
   * @param fvfNFeatures genes that every batch names
   * @param span share of the genes in each local fit of a batch's trend
   */
  public record Params(int nFeatures, int fvfNFeatures, double span) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nFeatures, "nFeatures");
      Check.positive(fvfNFeatures, "fvfNFeatures");
      Check.positive(span, "span");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nFeatures = 2000;
      private int fvfNFeatures = HighlyVariableGenes.Params.V3_TOP_GENES;
      private double span = HighlyVariableGenes.Params.DEFAULTS.span();

      private Builder() {}

      public Builder nFeatures(int value) {
        nFeatures = value;
        return this;
      }

      public Builder fvfNFeatures(int value) {
        fvfNFeatures = value;
        return this;
      }

      public Builder span(double value) {
        span = value;
        return this;
      }

      public Params build() {
        return new Params(nFeatures, fvfNFeatures, span);
      }
    }
  }

  /**
   * @param features columns, the best first
   * @param nBatches for every gene, how many batches name it
   * @param medianRank for every gene, over the batches that name it; NaN where none does
   * @param warnings a sentence each
   */
  public record Result(
      int[] features, int[] nBatches, double[] medianRank, List<String> warnings) {}

  /**
   * @param counts cells by genes
   * @param geneNames distinct
   * @param batch of every cell
   */
  public static Result run(Matrix counts, String[] geneNames, Categories batch, Params params) {
    var batches = batch.forCells(counts.nRows()).complete().withoutUnused();
    var ranked =
        HighlyVariableGenes.run(
            counts,
            geneNames,
            batches,
            HighlyVariableGenes.Params.builder()
                .flavor(HighlyVariableGenes.Flavor.SEURAT_V3)
                .nTopGenes(params.fvfNFeatures())
                .span(params.span())
                .build());
    int[] named = ranked.nBatches();
    int[] most =
        IntStream.range(0, named.length)
            .filter(j -> named[j] > 0)
            .boxed()
            .sorted(Comparator.comparingInt(j -> -named[j]))
            .mapToInt(Integer::intValue)
            .toArray();
    int n = Math.min(params.nFeatures(), most.length);
    int last = n == 0 ? 0 : named[most[n - 1]];
    int[] features =
        IntStream.of(most)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(j -> named[j] > last ? 0 : 1)
                    .thenComparingInt(j -> named[j] >= last ? 0 : 1)
                    .thenComparingDouble(j -> ranked.rank()[j])
                    .thenComparingInt(j -> -named[j])
                    .thenComparing(j -> geneNames[j]))
            .limit(n)
            .mapToInt(Integer::intValue)
            .toArray();
    var found = ranked.nonInteger();
    return new Result(
        features,
        named,
        ranked.rank(),
        found == null
            ? List.of()
            : List.of(
                "features are chosen by counts, but the value of cell "
                    + found.row()
                    + " and gene "
                    + found.col()
                    + " is "
                    + found.value()));
  }
}
