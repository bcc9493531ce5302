package org.cellweave.preprocess;

import java.util.HashMap;
import java.util.Map;
import org.cellweave.design.Categories;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;

/**
 * Genes that vary more than others of their expression level, by the four flavors of scanpy's
 * {@code highly_variable_genes}.
 *
 * <p>{@code SEURAT} (log data) and {@code CELL_RANGER} normalise the dispersion within bins of the
 * mean; {@code SEURAT_V3} and {@code SEURAT_V3_PAPER} (counts) standardise by a {@link Loess} trend
 * of the variance and differ in how batches are combined.
 *
 * <p>Cost: one walk over the values (two for the v3 flavors), whatever the number of batches; the
 * matrix is neither changed nor copied. Ties: {@code nTopGenes} of the first two flavors without
 * batches keeps all genes at the cut; with batches ties go to the name first in the alphabet, in
 * the v3 flavors to the first gene. Numbers matched: scanpy 1.11.5.
 *
 * @see <a href="https://doi.org/10.1038/nbt.3192">Satija 2015</a>, <a
 *     href="https://doi.org/10.1038/ncomms14049">Zheng 2017</a>, <a
 *     href="https://doi.org/10.1016/j.cell.2019.05.031">Stuart 2019</a>
 */
public final class HighlyVariableGenes {
  private HighlyVariableGenes() {}

  /** Spelled like scanpy's strings. */
  public enum Flavor {
    SEURAT,
    CELL_RANGER,
    SEURAT_V3,
    SEURAT_V3_PAPER;

    /** True for the flavors that expect raw counts. */
    public boolean expectsCounts() {
      return this == SEURAT_V3 || this == SEURAT_V3_PAPER;
    }
  }

  /**
   * @param flavor method
   * @param nTopGenes how many genes to select; null selects by the cutoffs (v3 flavors: 2000)
   * @param minDisp lower bound of the normalised dispersion, exclusive
   * @param maxDisp upper bound of the normalised dispersion, exclusive
   * @param minMean lower bound of the mean, exclusive
   * @param maxMean upper bound of the mean, exclusive
   * @param span share of the genes in each local fit of the v3 flavors
   * @param nBins number of bins of the mean for {@code SEURAT}
   * @param logBase base of the logarithm of the data for {@code SEURAT}; null for the natural one
   */
  public record Params(
      Flavor flavor,
      Integer nTopGenes,
      double minDisp,
      double maxDisp,
      double minMean,
      double maxMean,
      double span,
      int nBins,
      Double logBase) {
    public static final Params DEFAULTS = builder().build();

    /** What {@code nTopGenes} null means to the v3 flavors. */
    public static final int V3_TOP_GENES = 2000;

    public Params {
      if (nTopGenes != null) {
        Check.positive(nTopGenes, "nTopGenes");
      }
      Check.positive(span, "span");
      Check.positive(nBins, "nBins");
      if (logBase != null) {
        Check.positive(logBase, "logBase");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Flavor flavor = Flavor.SEURAT;
      private Integer nTopGenes = null;
      private double minDisp = 0.5;
      private double maxDisp = Double.POSITIVE_INFINITY;
      private double minMean = 0.0125;
      private double maxMean = 3;
      private double span = 0.3;
      private int nBins = 20;
      private Double logBase = null;

      public Builder flavor(Flavor value) {
        this.flavor = value;
        return this;
      }

      public Builder nTopGenes(Integer value) {
        this.nTopGenes = value;
        return this;
      }

      public Builder minDisp(double value) {
        this.minDisp = value;
        return this;
      }

      public Builder maxDisp(double value) {
        this.maxDisp = value;
        return this;
      }

      public Builder minMean(double value) {
        this.minMean = value;
        return this;
      }

      public Builder maxMean(double value) {
        this.maxMean = value;
        return this;
      }

      public Builder span(double value) {
        this.span = value;
        return this;
      }

      public Builder nBins(int value) {
        this.nBins = value;
        return this;
      }

      public Builder logBase(Double value) {
        this.logBase = value;
        return this;
      }

      public Params build() {
        return new Params(
            flavor, nTopGenes, minDisp, maxDisp, minMean, maxMean, span, nBins, logBase);
      }
    }
  }

  /**
   * One value per gene; a column is null where the flavor has none.
   *
   * @param highlyVariable the selection
   * @param means of the genes
   * @param dispersions SEURAT, CELL_RANGER only
   * @param dispersionsNorm SEURAT, CELL_RANGER only
   * @param variances v3 flavors only
   * @param variancesNorm v3 flavors only
   * @param rank v3 flavors only: median rank over batches, NaN where never among the top
   * @param nBatches number of batches that select the gene; null without batches
   * @param intersection selected in every batch; null without batches and for the v3 flavors
   * @param nonInteger first value that is not a whole number, where the flavor expects counts;
   *     otherwise null
   */
  public record Result(
      boolean[] highlyVariable,
      double[] means,
      double[] dispersions,
      double[] dispersionsNorm,
      double[] variances,
      double[] variancesNorm,
      double[] rank,
      int[] nBatches,
      boolean[] intersection,
      ValueFacts.Found nonInteger) {
    public int selected() {
      int n = 0;
      for (boolean h : highlyVariable) {
        n += h ? 1 : 0;
      }
      return n;
    }
  }

  /**
   * @param x cells by genes: logarithms, or counts for the v3 flavors
   * @param geneNames for ties between genes when there are batches
   * @param batches of every cell; null for none
   */
  public static Result run(Matrix x, String[] geneNames, Categories batches, Params params) {
    check(x, geneNames, batches);
    var totals =
        batches == null
            ? GroupSums.whole(Rows.of(x))
            : GroupSums.byGroup(Rows.of(x), batches.codes(), batches.nLevels());
    checkSizes(totals.sizes(), batches);
    return params.flavor().expectsCounts()
        ? new StandardisedVariance(x, totals, batches, params).run()
        : new BinnedDispersion(x, totals, geneNames, batches, params).run();
  }

  private static void check(Matrix x, String[] geneNames, Categories batches) {
    Check.sameLength(geneNames.length, x.nCols(), "geneNames", "number of genes");
    if (x.nCols() == 0) {
      throw new IllegalArgumentException("there are no genes to choose from: X is " + x.shape());
    }
    if (batches == null) {
      return;
    }
    batches.forCells(x.nRows()).complete();
    Map<String, Integer> seen = new HashMap<>();
    for (int j = 0; j < geneNames.length; j++) {
      Integer before = seen.put(geneNames[j], j);
      if (before != null) {
        throw new IllegalArgumentException(
            "gene name '"
                + geneNames[j]
                + "' appears at "
                + before
                + " and "
                + j
                + "; batches are merged by name. Run varNamesMakeUnique() first");
      }
    }
  }

  /** A batch of one cell has no variance and counts for the means alone; not all may be such. */
  private static void checkSizes(int[] sizes, Categories batches) {
    int largest = 0;
    for (int size : sizes) {
      largest = Math.max(largest, size);
    }
    if (largest >= 2) {
      return;
    }
    throw new IllegalArgumentException(
        (batches == null || sizes.length == 0 ? "X has " : "the largest of the batches has ")
            + largest
            + (largest == 1 ? " cell" : " cells")
            + ", but a variance needs at least 2."
            + (batches == null ? "" : " Merge batches, or leave batchKey out"));
  }
}
