package org.cellweave.integrate.mnn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.integrate.MergeOrder;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Merges batches in an embedding by mutual nearest neighbours: the part of fastMNN that follows its
 * principal components.
 *
 * <p>Departures from batchelor: the search is exact; counts for {@code autoMerge} do not depend on
 * those counted before them; shifts whose mean is zero take no direction out, and weights that all
 * vanish count the same, where the original divides by zero; a batch with k cells or fewer is
 * refused, and so is a single batch.
 *
 * <p>Cost: {@code m n d} multiplications for every merge of m with n cells, and a copy of the
 * embedding. Equal distances go to the lower row. Numbers matched: batchelor 1.15.1.
 *
 * @see <a href="https://doi.org/10.1038/nbt.4091">Haghverdi 2018</a>
 */
public final class ReducedMnn {
  private static final String NAME = "reducedmnn";

  private ReducedMnn() {}

  /**
   * @param plan order of merges, and neighbours
   * @param ndist bandwidth of the smoothing, in distances to the middle one of the neighbours
   * @param minBatchSkip merges with a smaller {@code batchSize} change nothing; null for none
   */
  public record Params(MergePlan plan, double ndist, Double minBatchSkip) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(ndist, "ndist");
      if (minBatchSkip != null) {
        Check.nonNegative(minBatchSkip, "minBatchSkip");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private MergePlan plan = MergePlan.DEFAULTS;
      private double ndist = 3;
      private Double minBatchSkip = 0.0;

      public Builder plan(MergePlan value) {
        this.plan = value;
        return this;
      }

      public Builder ndist(double value) {
        this.ndist = value;
        return this;
      }

      public Builder minBatchSkip(Double value) {
        this.minBatchSkip = value;
        return this;
      }

      public Params build() {
        return new Params(plan, ndist, minBatchSkip);
      }
    }
  }

  /**
   * @param corrected cells by dimensions, float64, in the order of the input
   * @param merges one for every step
   * @param order of the merges
   * @param lost what the merges took out
   * @param warnings on merges that were skipped
   */
  public record Result(
      DenseMatrix corrected,
      List<MnnMerge> merges,
      MergeOrder order,
      LostVariance lost,
      List<String> warnings)
      implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(new Integrated.Embedding(corrected));
    }
  }

  /** Merges with these parameters, to be handed on. */
  public static BatchIntegration<Result> with(Params params) {
    return with(params, null);
  }

  /**
   * @param restrict cells that may be neighbours of others; null for all
   */
  public static BatchIntegration<Result> with(Params params, boolean[] restrict) {
    return new Ready(params, restrict);
  }

  private record Ready(Params params, boolean[] restrict) implements BatchIntegration<Result> {
    @Override
    public String name() {
      return NAME;
    }

    @Override
    public Values reads() {
      return Values.EMBEDDING;
    }

    @Override
    public Result run(IntegrationInput input, Progress progress) {
      return ReducedMnn.run(input.values(name()), input.batch(name()), restrict, params, progress);
    }
  }

  public static Result run(Matrix x, Categories batch, Params params) {
    return run(x, batch, null, params, Progress.NONE);
  }

  /**
   * @param x cells by dimensions; not changed
   * @param batch of every cell, at least two with more than k cells each
   * @param restrict cells that may be neighbours of others; null for all
   */
  public static Result run(
      Matrix x, Categories batch, boolean[] restrict, Params params, Progress progress) {
    Finite.require(x, "X", "reducedMnn");
    var batches = params.plan().checked(batch, x.nRows(), restrict, "reducedMnn");
    var dense = x.toDense();
    var own = dense.isFloat32Stored() ? dense.toFloat64() : dense.copy();
    return merge(own, batches, restrict, params, NAME, progress);
  }

  /**
   * @param own changed
   */
  static Result merge(
      DenseMatrix own,
      Categories batches,
      boolean[] restrict,
      Params params,
      String name,
      Progress progress) {
    var merging = new EmbeddingMerges(own, batches, params);
    var order = new MergeSchedule(batches, restrict, params.plan(), merging, name, progress).run();
    List<String> warnings = new ArrayList<>();
    for (var merge : merging.merges()) {
      if (merge.skipped()) {
        warnings.add(
            String.format(
                Locale.ROOT,
                "%s and %s were merged without correction: the size of their batch effect, %.3g, is"
                    + " below minBatchSkip = %s",
                MnnMerge.called(batches, merge.left()),
                MnnMerge.called(batches, merge.right()),
                merge.batchSize(),
                params.minBatchSkip()));
      }
    }
    return new Result(
        own, List.copyOf(merging.merges()), order, merging.lost(), List.copyOf(warnings));
  }
}
