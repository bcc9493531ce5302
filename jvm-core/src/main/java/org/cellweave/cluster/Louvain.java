package org.cellweave.cluster;

import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Louvain communities of an undirected weighted graph: nodes move to the neighbouring community
 * that gains most modularity, communities become nodes, and again until nothing moves.
 *
 * <p>Moves nodes from a queue of those whose surroundings changed, where the original sweeps over
 * all. Runs on one thread, so that the seed alone decides. Communities need not be connected
 * inside; {@link Leiden} makes them so.
 *
 * <p>Cost: a few passes over the edges and O(edges) memory. Ties: a node stays unless another
 * community gains strictly more. Labels are numbered by decreasing size, then first node.
 *
 * @see <a href="https://doi.org/10.1088/1742-5468/2008/10/P10008">Blondel et al. 2008</a>
 */
public final class Louvain {
  private Louvain() {}

  /**
   * @param resolution higher values give more communities
   * @param useWeights whether edges count by their weights
   * @param seed of the order of nodes
   */
  public record Params(double resolution, boolean useWeights, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.nonNegative(resolution, "resolution");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double resolution = 1;
      private boolean useWeights = false;
      private long seed = 0;

      private Builder() {}

      public Builder resolution(double value) {
        resolution = value;
        return this;
      }

      public Builder useWeights(boolean value) {
        useWeights = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(resolution, useWeights, seed);
      }
    }
  }

  /**
   * @param labels community of every node, from 0
   * @param nCommunities how many there are
   * @param modularity of the labels at the resolution; NaN without edges
   * @param levels how many times communities became nodes
   */
  public record Result(int[] labels, int nCommunities, double modularity, int levels) {}

  public static Result run(CsrMatrix graph, Params params) {
    return run(graph, params, Progress.NONE);
  }

  /**
   * @param graph symmetric, not negative
   */
  public static Result run(CsrMatrix graph, Params params, Progress progress) {
    var base = WeightedGraph.of(graph, params.useWeights(), true);
    int[] found = new int[base.nNodes];
    java.util.Arrays.setAll(found, i -> i);
    double total = base.totalStrength();
    var random = new SplittableRandom(params.seed());
    var level = base;
    int levels = 0;
    boolean moved = total > 0;
    while (moved) {
      Parallel.checkInterrupted();
      int[] cluster = new int[level.nNodes];
      java.util.Arrays.setAll(cluster, i -> i);
      moved = new LocalMoving(level, params.resolution() / total, cluster).run(random);
      int nClusters = ClusterMembers.renumber(cluster);
      moved &= nClusters < level.nNodes;
      if (moved) {
        for (int i = 0; i < found.length; i++) {
          found[i] = cluster[found[i]];
        }
        level = level.aggregate(cluster, nClusters);
        progress.step("louvain", ++levels, 0, Double.NaN);
      }
    }
    int[] labels = base.inOrder(found);
    int nCommunities = ClusterMembers.renumberBySize(labels);
    double modularity = Modularity.of(base, base.placed(labels), params.resolution());
    return new Result(labels, nCommunities, modularity, levels);
  }
}
