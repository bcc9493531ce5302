package org.cellweave.integrate.mnn;

import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.design.LevelCombinations;
import org.cellweave.graph.ConnectedComponents;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.BatchTree;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.integrate.MergeOrder;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Progress;

/**
 * Brings batches together by their clusters: the centres of clusters, found in every batch by
 * itself, are merged by {@link ReducedMnn} with one neighbour, so that a cluster has at most one
 * partner in another batch, and every cell moves by the shifts of its batch's centres, near ones
 * counting more ({@link CentreShifts}).
 *
 * <p>Clusters that are partners, and partners of partners, are one meta-cluster. A batch with fewer
 * than two clusters is refused, and so is a single batch.
 *
 * <p>Cost: {@code n c d} multiplications for c clusters in a batch, and a copy of the embedding.
 *
 * @see <a href="https://doi.org/10.1038/nbt.4091">Haghverdi 2018</a>
 */
public final class ClusterMnn {
  private static final String NAME = "clustermnn";

  private ClusterMnn() {}

  /**
   * @param mergeOrder null for the order of the levels
   * @param autoMerge takes the two sets with the most pairs next
   * @param minBatchSkip merges with a smaller {@code batchSize} change nothing; null for none
   */
  public record Params(BatchTree mergeOrder, boolean autoMerge, Double minBatchSkip) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      merges(mergeOrder, autoMerge, minBatchSkip);
    }

    public static Builder builder() {
      return new Builder();
    }

    /** Those of the centres' merges. */
    public ReducedMnn.Params merges() {
      return merges(mergeOrder, autoMerge, minBatchSkip);
    }

    private static ReducedMnn.Params merges(BatchTree order, boolean auto, Double minBatchSkip) {
      var plan = MergePlan.builder().k(1).mergeOrder(order).autoMerge(auto).build();
      return ReducedMnn.Params.builder().plan(plan).minBatchSkip(minBatchSkip).build();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private BatchTree mergeOrder = MergePlan.DEFAULTS.mergeOrder();
      private boolean autoMerge = MergePlan.DEFAULTS.autoMerge();
      private Double minBatchSkip = ReducedMnn.Params.DEFAULTS.minBatchSkip();

      public Builder mergeOrder(BatchTree value) {
        this.mergeOrder = value;
        return this;
      }

      public Builder autoMerge(boolean value) {
        this.autoMerge = value;
        return this;
      }

      public Builder minBatchSkip(Double value) {
        this.minBatchSkip = value;
        return this;
      }

      public Params build() {
        return new Params(mergeOrder, autoMerge, minBatchSkip);
      }
    }
  }

  /**
   * @param corrected cells by dimensions, float64, in the order of the input
   * @param clusterOf the cluster of every cell, by row of {@code centres}; those of one name in two
   *     batches are two
   * @param metaClusters of every cluster, from 0
   * @param centres merged ones: their places are {@code corrected}, and cells of their merges
   *     clusters
   */
  public record Result(
      DenseMatrix corrected, int[] clusterOf, int[] metaClusters, ReducedMnn.Result centres)
      implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(new Integrated.Embedding(corrected));
    }

    @Override
    public List<String> warnings() {
      return centres.warnings();
    }

    /** One for every step, of clusters. */
    public List<MnnMerge> merges() {
      return centres.merges();
    }

    public MergeOrder order() {
      return centres.order();
    }
  }

  /**
   * Merges with these parameters, to be handed on.
   *
   * @param clusters of the cells that it will be given
   */
  public static BatchIntegration<Result> with(Params params, Categories clusters) {
    return new Ready(params, clusters);
  }

  private record Ready(Params params, Categories clusters) implements BatchIntegration<Result> {
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
      return ClusterMnn.run(input.values(name()), input.batch(name()), clusters, params, progress);
    }
  }

  public static Result run(Matrix x, Categories batch, Categories clusters, Params params) {
    return run(x, batch, clusters, params, Progress.NONE);
  }

  /**
   * @param x cells by dimensions; not changed
   * @param batch of every cell, at least two with at least two clusters each
   * @param clusters of every cell; only those of one batch are compared by name
   */
  public static Result run(
      Matrix x, Categories batch, Categories clusters, Params params, Progress progress) {
    Finite.require(x, "X", "clusterMnn");
    var batches = batch.forCells(x.nRows()).complete().withoutUnused();
    batches.atLeastTwo("there is nothing to merge within one batch.");
    var both = LevelCombinations.of(List.of(batches, clusters), x.nRows());
    var batchOf = batchOf(both, batches);
    for (int b = 0; b < batches.nLevels(); b++) {
      if (batchOf.size(b) < 2) {
        throw new IllegalArgumentException(
            "level '"
                + batches.level(b)
                + "' of "
                + batches.name()
                + " has cells of one level of "
                + clusters.name()
                + " alone, but clusterMnn needs at least two clusters in each. Cluster it more"
                + " finely, or use reducedMnn");
      }
    }
    var centres = centres(x, both);
    var merged = ReducedMnn.run(centres, batchOf, null, params.merges(), progress);
    var shifts = new CentreShifts(centres, merged.corrected());
    var corrected = x.toDense().toFloat64().copy();
    int[][] members = batches.members();
    int[][] own = batchOf.members();
    for (int b = 0; b < members.length; b++) {
      shifts.apply(corrected, members[b], own[b]);
    }
    return new Result(corrected, both.codes(), metaClusters(merged), merged);
  }

  /** The batch of every cluster. */
  private static Categories batchOf(LevelCombinations both, Categories batches) {
    int[] codes = new int[both.levels().length];
    Arrays.setAll(codes, g -> both.levels()[g][0]);
    return new Categories(batches.name(), codes, batches.levels());
  }

  private static DenseMatrix centres(Matrix x, LevelCombinations both) {
    var groups = GroupSums.byGroup(Rows.of(x), both.codes(), both.levels().length);
    var sums = groups.collect(GroupSums.PLAIN);
    double[][] out = new double[both.levels().length][x.nCols()];
    for (int g = 0; g < out.length; g++) {
      for (int c = 0; c < out[g].length; c++) {
        out[g][c] = sums[g].mean(c, groups.sizes()[g]);
      }
    }
    return DenseMatrix.ofRows(out);
  }

  private static int[] metaClusters(ReducedMnn.Result merged) {
    return ConnectedComponents.of(
            merged.corrected().nRows(),
            (cluster, next) -> {
              for (var merge : merged.merges()) {
                for (int p = 0; p < merge.nPairs(); p++) {
                  if (merge.leftCells()[p] == cluster) {
                    next.accept(merge.rightCells()[p]);
                  } else if (merge.rightCells()[p] == cluster) {
                    next.accept(merge.leftCells()[p]);
                  }
                }
              }
            })
        .labels();
  }
}
