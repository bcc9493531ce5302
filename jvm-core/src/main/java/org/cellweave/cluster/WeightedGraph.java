package org.cellweave.cluster;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.ShapeMismatchException;

/**
 * Undirected graph in flat arrays: every edge stands at both ends, loops are kept apart.
 *
 * <p>A node's weight is what the quality function charges for: its strength for modularity, the
 * number of cells in it for the constant Potts model. Weights that were stored as float32 stay so,
 * at 8 bytes for each end of an edge; sums of them are float64.
 */
final class WeightedGraph {
  private static final int BLOCK = 1024;

  final int nNodes;

  /** First edge of every node, length {@code nNodes + 1}. */
  final int[] first;

  final int[] neighbors;

  /** Weights of the edges, or null where {@link #wide} has them. */
  final float[] narrow;

  /** Weights that float32 would round, or null. */
  final double[] wide;

  final double[] nodeWeights;

  /** Weight of the edges inside every node, each counted once. */
  final double[] loops;

  /** Where the nodes are, in the order that random draws and sums follow; see {@link Nearby}. */
  final int[] order;

  WeightedGraph(int[] first, boolean float32, int[] order) {
    this.nNodes = first.length - 1;
    this.first = first;
    this.neighbors = new int[first[nNodes]];
    this.narrow = float32 ? new float[neighbors.length] : null;
    this.wide = float32 ? null : new double[neighbors.length];
    this.nodeWeights = new double[nNodes];
    this.loops = new double[nNodes];
    this.order = order;
  }

  /**
   * The graph with its nodes where they are in the matrix, or, when it is large, where {@link
   * Nearby} puts them.
   *
   * @param adjacency symmetric; entry (i, i) is a loop of that weight
   * @param useWeights otherwise every stored non-zero entry weighs 1
   * @param byStrength node weights are strengths, otherwise 1
   */
  static WeightedGraph of(CsrMatrix adjacency, boolean useWeights, boolean byStrength) {
    check(adjacency, useWeights);
    return of(adjacency, useWeights, byStrength, Nearby.order(adjacency));
  }

  /**
   * @param nodes in the order of memory
   */
  static WeightedGraph of(
      CsrMatrix adjacency, boolean useWeights, boolean byStrength, int[] nodes) {
    int n = nodes.length;
    int[] place = new int[n];
    for (int k = 0; k < n; k++) {
      place[nodes[k]] = k;
    }
    boolean float32 = !useWeights || adjacency.isFloat32Stored();
    var graph = new WeightedGraph(firstEdges(adjacency, place), float32, place);
    adjacency.forBlocks(
        block -> {
          for (int i = block.firstRow(); i < block.endRow(); i++) {
            int k = place[i];
            graph.fill(k, block, i, useWeights);
            graph.nodeWeights[k] = byStrength ? graph.strength(k) : 1;
          }
        });
    return graph;
  }

  /** The edges of node {@code i}, which is at {@code k}. */
  private void fill(int k, CsrMatrix.Block block, int i, boolean useWeights) {
    int used = first[k];
    for (int p = block.start(i), end = block.end(i); p < end; p++) {
      double stored = block.value(p);
      double w = useWeights || stored == 0 ? stored : 1;
      if (block.indices()[p] == i) {
        loops[k] += w;
      } else if (w > 0) {
        neighbors[used] = order[block.indices()[p]];
        put(used++, w);
      }
    }
  }

  private void put(int e, double weight) {
    if (narrow != null) {
      narrow[e] = (float) weight;
    } else {
      wide[e] = weight;
    }
  }

  double weight(int e) {
    return narrow != null ? narrow[e] : wide[e];
  }

  /** Where the edges of every node begin: entries off the diagonal that are not zero. */
  private static int[] firstEdges(CsrMatrix adjacency, int[] place) {
    int[] first = new int[place.length + 1];
    adjacency.forBlocks(
        block -> {
          for (int i = block.firstRow(); i < block.endRow(); i++) {
            int kept = 0;
            for (int p = block.start(i), end = block.end(i); p < end; p++) {
              kept += block.value(p) == 0 || block.indices()[p] == i ? 0 : 1;
            }
            first[place[i] + 1] = kept;
          }
        });
    for (int k = 0; k < place.length; k++) {
      first[k + 1] += first[k];
    }
    return first;
  }

  private static void check(CsrMatrix adjacency, boolean useWeights) {
    if (adjacency.nRows() != adjacency.nCols()) {
      throw new ShapeMismatchException("a graph must be square, got " + adjacency.shape());
    }
    if (adjacency.nnz() > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "a graph may have at most 2^31 - 17 stored entries, got " + adjacency.nnz());
    }
    checkWeights(adjacency);
    checkSymmetric(adjacency, useWeights);
  }

  /** Names the first weight that is refused, whichever thread sees one first. */
  private static void checkWeights(CsrMatrix adjacency) {
    boolean[] refused = new boolean[adjacency.blockCount()];
    Parallel.forBlocks(
        refused.length,
        b -> {
          var block = adjacency.block(b);
          for (int p = 0; p < block.nnz(); p++) {
            refused[b] |= !accepted(block.value(p));
          }
        });
    for (int b = 0; b < refused.length; b++) {
      if (refused[b]) {
        refuse(adjacency.block(b));
      }
    }
  }

  private static boolean accepted(double weight) {
    return weight >= 0 && weight < Double.POSITIVE_INFINITY;
  }

  private static void refuse(CsrMatrix.Block block) {
    for (int i = block.firstRow(); i < block.endRow(); i++) {
      for (int p = block.start(i); p < block.end(i); p++) {
        double w = block.value(p);
        if (!accepted(w)) {
          throw new IllegalArgumentException(
              "edge weights must be finite and not negative, got "
                  + w
                  + " between "
                  + i
                  + " and "
                  + block.indices()[p]);
        }
      }
    }
  }

  /** The first edge without its twin, searched for in a sample of the nodes. */
  private static void checkSymmetric(CsrMatrix adjacency, boolean useWeights) {
    int step = Math.max(1, adjacency.nRows() / 1000);
    for (int i = 0; i < adjacency.nRows(); i += step) {
      var block = adjacency.blockOf(i);
      for (int p = block.start(i); p < block.end(i); p++) {
        double there = block.value(p);
        double back = there == 0 ? 0 : adjacency.get(block.indices()[p], i);
        if (useWeights ? Math.abs(back - there) > 1e-5 * there : (back == 0) != (there == 0)) {
          throw new IllegalArgumentException(
              "the graph must be symmetric, but edge ("
                  + i
                  + ", "
                  + block.indices()[p]
                  + ") weighs "
                  + (useWeights ? there : 1.0)
                  + " and its twin "
                  + back
                  + "; add its transpose to it first");
        }
      }
    }
  }

  /** One value for every node, given in their order, by where they are. */
  int[] placed(int[] inOrder) {
    int[] out = new int[nNodes];
    for (int k = 0; k < nNodes; k++) {
      out[order[k]] = inOrder[k];
    }
    return out;
  }

  /** The opposite of {@link #placed}. */
  int[] inOrder(int[] placed) {
    int[] out = new int[nNodes];
    for (int k = 0; k < nNodes; k++) {
      out[k] = placed[order[k]];
    }
    return out;
  }

  double strength(int i) {
    double sum = 2 * loops[i];
    for (int e = first[i]; e < first[i + 1]; e++) {
      sum += weight(e);
    }
    return sum;
  }

  double[] strengths() {
    double[] out = new double[nNodes];
    Parallel.forRange(
        nNodes,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            out[i] = strength(i);
          }
        });
    return out;
  }

  /** Sum of strengths: twice the total edge weight. */
  double totalStrength() {
    double[] strengths = strengths();
    double sum = 0;
    for (int i : order) {
      sum += strengths[i];
    }
    return sum;
  }

  /** One node per cluster, numbered as the clusters are; edges between clusters are added up. */
  WeightedGraph aggregate(int[] clusters, int nClusters) {
    return Aggregation.of(this, clusters, ClusterMembers.of(clusters, nClusters, order));
  }
}
