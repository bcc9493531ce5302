package org.cellweave.integrate.mnn;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.integrate.MergeOrder;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * fastMNN: cosine normalisation, principal components in which every batch counts the same, then
 * merges by mutual nearest neighbours in their space, as {@link ReducedMnn} does them.
 *
 * <p>Normalised values are never stored; sparse stays sparse. Expression after the correction is
 * {@link Result#reconstructed()}, computed where it is asked for. Cost: that of {@link
 * MultiBatchPca} and {@link ReducedMnn}. Numbers matched: batchelor 1.15.1.
 *
 * @see <a href="https://doi.org/10.1038/nbt.4091">Haghverdi 2018</a>
 */
public final class FastMnn {
  private static final String NAME = "fastmnn";

  private FastMnn() {}

  /**
   * @param cosNorm divides every cell by its length first
   * @param pca number of components, weights of the batches, genes with loadings
   * @param merges neighbours, order, smoothing
   */
  public record Params(boolean cosNorm, MultiBatchPca.Params pca, ReducedMnn.Params merges) {
    public static final Params DEFAULTS = builder().build();

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private boolean cosNorm = true;
      private MultiBatchPca.Params pca = MultiBatchPca.Params.DEFAULTS;
      private ReducedMnn.Params merges = ReducedMnn.Params.DEFAULTS;

      public Builder cosNorm(boolean value) {
        this.cosNorm = value;
        return this;
      }

      public Builder pca(MultiBatchPca.Params value) {
        this.pca = value;
        return this;
      }

      public Builder merges(ReducedMnn.Params value) {
        this.merges = value;
        return this;
      }

      public Params build() {
        return new Params(cosNorm, pca, merges);
      }
    }
  }

  /**
   * @param pca components before the merges; its scores are those of the cells
   * @param merged their corrected coordinates, and how the merges went
   */
  public record Result(MultiBatchPca.Result pca, ReducedMnn.Result merged)
      implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return merged.integrated();
    }

    @Override
    public List<String> warnings() {
      return merged.warnings();
    }

    /** Cells by dimensions. */
    public DenseMatrix corrected() {
      return merged.corrected();
    }

    /** All genes by dimensions; zero for genes that have none. */
    public DenseMatrix loadings() {
      return pca.loadings();
    }

    public List<MnnMerge> merges() {
      return merged.merges();
    }

    public MergeOrder order() {
      return merged.order();
    }

    /** Share of every gene's variance that the merges took out, by batch and gene. */
    public double[][] lostVarianceOfGenes() {
      return merged.lost().ofGenes(loadings());
    }

    public LowRankExpression reconstructed() {
      return new LowRankExpression(corrected(), loadings());
    }
  }

  /** fastMNN with these parameters, to be handed on. */
  public static BatchIntegration<Result> with(Params params) {
    return with(params, null, null);
  }

  /**
   * @param genes to find components with; null for all
   * @param restrict cells that may be neighbours of others; null for all
   */
  public static BatchIntegration<Result> with(Params params, boolean[] genes, boolean[] restrict) {
    return new OnLogarithms<>(
        NAME, (x, batch, progress) -> run(x, batch, genes, restrict, params, progress));
  }

  public static Result run(Matrix x, Categories batch, Params params) {
    return run(x, batch, null, null, params, Progress.NONE);
  }

  /**
   * @param x cells by genes, logarithms of normalised expression; not changed
   * @param batch of every cell, at least two with more than k cells each
   * @param genes to find components with; null for all
   * @param restrict cells that may be neighbours of others; null for all
   */
  public static Result run(
      Matrix x,
      Categories batch,
      boolean[] genes,
      boolean[] restrict,
      Params params,
      Progress progress) {
    Finite.require(x, "X", "fastMnn");
    var batches = params.merges().plan().checked(batch, x.nRows(), restrict, "fastMnn");
    var chosen = ChosenGenes.of(genes, x.nCols());
    double[] scale = null;
    if (params.cosNorm()) {
      scale = CosineNorm.factors(CosineNorm.norms(Rows.of(x), chosen));
    }
    var pca = MultiBatchPca.run(x, scale, batches, chosen, params.pca(), progress);
    Parallel.checkInterrupted();
    var merged =
        ReducedMnn.merge(pca.scores().copy(), batches, restrict, params.merges(), NAME, progress);
    return new Result(pca, merged);
  }
}
