package org.cellweave.cluster;

import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Leiden communities of an undirected weighted graph.
 *
 * <p>Follows igraph: an edge counts once, the refinement's randomness {@code beta} acts on gains in
 * units of edge weight, and labels are numbered by the first node that has them. Runs on one
 * thread, so that the seed alone decides.
 *
 * <p>Cost: a few passes over the edges per iteration and O(edges) memory; {@link Nearby a large
 * graph} is copied once. Ties: a node stays unless another cluster gains strictly more, and then
 * takes the first such neighbour. Without edges every node is a community.
 *
 * @see <a href="https://doi.org/10.1038/s41598-019-41695-z">Traag, Waltman and van Eck 2019</a>
 */
public final class Leiden {
  private Leiden() {}

  /** What is maximised. */
  public enum Quality {
    /** Modularity with a resolution. */
    MODULARITY,
    /** The constant Potts model: every pair of nodes in a cluster costs the resolution. */
    CPM,
    /** As {@code CPM}, with the resolution in units of the mean weight over all pairs of nodes. */
    RBER
  }

  /**
   * @param quality what is maximised
   * @param resolution higher values give more clusters
   * @param nIterations passes over all levels; negative repeats until nothing changes
   * @param useWeights whether edges count by their weights
   * @param beta randomness of the refinement
   * @param bySize number labels by decreasing size instead of first appearance
   * @param seed of the order of nodes and of the refinement
   */
  public record Params(
      Quality quality,
      double resolution,
      int nIterations,
      boolean useWeights,
      double beta,
      boolean bySize,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.nonNegative(resolution, "resolution");
      Check.positive(beta, "beta");
      if (nIterations == 0) {
        throw new IllegalArgumentException(
            "nIterations must be positive, or negative to repeat until nothing changes, got 0");
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Quality quality = Quality.MODULARITY;
      private double resolution = 1;
      private int nIterations = 2;
      private boolean useWeights = true;
      private double beta = 0.01;
      private boolean bySize = false;
      private long seed = 0;

      public Builder quality(Quality value) {
        quality = value;
        return this;
      }

      public Builder resolution(double value) {
        resolution = value;
        return this;
      }

      public Builder nIterations(int value) {
        nIterations = value;
        return this;
      }

      public Builder useWeights(boolean value) {
        useWeights = value;
        return this;
      }

      public Builder beta(double value) {
        beta = value;
        return this;
      }

      public Builder bySize(boolean value) {
        bySize = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(quality, resolution, nIterations, useWeights, beta, bySize, seed);
      }
    }
  }

  /**
   * @param labels community of every node, from 0
   * @param nCommunities how many there are
   * @param modularity of the labels at the resolution, with another quality at 1; NaN without edges
   * @param iterations passes done
   * @param converged whether the last pass changed nothing; only known when repeated until then
   */
  public record Result(
      int[] labels, int nCommunities, double modularity, int iterations, boolean converged) {}

  public static Result run(CsrMatrix graph, Params params) {
    return run(graph, null, params, Progress.NONE);
  }

  public static Result run(CsrMatrix graph, Params params, Progress progress) {
    return run(graph, null, params, progress);
  }

  /**
   * @param graph symmetric, not negative
   * @param initial community of every node to start from, or null for one node each
   */
  public static Result run(CsrMatrix graph, int[] initial, Params params, Progress progress) {
    boolean byStrength = params.quality() == Quality.MODULARITY;
    var network = WeightedGraph.of(graph, params.useWeights(), byStrength);
    return run(network, initial, params, progress);
  }

  static Result run(WeightedGraph network, int[] initial, Params params, Progress progress) {
    int n = network.nNodes;
    int[] found = network.placed(start(initial, n));
    double total = network.totalStrength();
    double resolution = charge(params, total, n);
    var random = new SplittableRandom(params.seed());
    boolean changed = total > 0;
    int iteration = 0;
    while (changed && (params.nIterations() < 0 || iteration < params.nIterations())) {
      Parallel.checkInterrupted();
      changed = improve(network, resolution, params.beta(), found, random.split());
      iteration++;
      progress.step("leiden", iteration, Math.max(0, params.nIterations()), Double.NaN);
    }
    int[] labels = network.inOrder(found);
    int nCommunities =
        params.bySize() ? ClusterMembers.renumberBySize(labels) : ClusterMembers.renumber(labels);
    double resolutionTold = params.quality() == Quality.MODULARITY ? params.resolution() : 1;
    double modularity = Modularity.of(network, network.placed(labels), resolutionTold);
    return new Result(labels, nCommunities, modularity, iteration, !changed);
  }

  /** What a pair of nodes of weight one in a cluster costs. */
  private static double charge(Params params, double totalStrength, int nNodes) {
    return switch (params.quality()) {
      case MODULARITY -> totalStrength == 0 ? 0 : params.resolution() / totalStrength;
      case CPM -> params.resolution();
      case RBER ->
          nNodes < 2 ? 0 : params.resolution() * totalStrength / ((double) nNodes * (nNodes - 1));
    };
  }

  private static int[] start(int[] initial, int n) {
    int[] labels = new int[n];
    if (initial == null) {
      for (int i = 0; i < n; i++) {
        labels[i] = i;
      }
      return labels;
    }
    Check.sameLength(initial.length, n, "initial", "the number of nodes");
    for (int i = 0; i < n; i++) {
      labels[i] = Check.index(initial[i], n, "initial label");
    }
    return labels;
  }

  /** One pass over all levels; returns whether a label changed. */
  private static boolean improve(
      WeightedGraph base, double resolution, double beta, int[] labels, SplittableRandom random) {
    WeightedGraph graph = base;
    int[] nodeOf = null;
    int[] cluster = labels.clone();
    ClusterMembers.renumber(cluster);
    boolean changed = false;
    while (true) {
      Parallel.checkInterrupted();
      changed |= new LocalMoving(graph, resolution, cluster).run(random);
      int nClusters = ClusterMembers.renumber(cluster);
      for (int i = 0; i < labels.length; i++) {
        labels[i] = cluster[nodeOf == null ? i : nodeOf[i]];
      }
      if (nClusters == graph.nNodes) {
        return changed;
      }
      int[] part =
          new Refinement(graph, resolution, beta)
              .run(cluster, ClusterMembers.of(cluster, nClusters, graph.order), random);
      int nParts = ClusterMembers.renumber(part);
      if (nParts == graph.nNodes) {
        part = cluster.clone();
        nParts = nClusters;
      }
      int[] next = new int[nParts];
      for (int i = 0; i < graph.nNodes; i++) {
        next[part[i]] = cluster[i];
      }
      nodeOf = composed(nodeOf, part);
      graph = graph.aggregate(part, nParts);
      cluster = next;
    }
  }

  private static int[] composed(int[] nodeOf, int[] part) {
    if (nodeOf == null) {
      return part.clone();
    }
    int[] out = new int[nodeOf.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = part[nodeOf[i]];
    }
    return out;
  }
}
