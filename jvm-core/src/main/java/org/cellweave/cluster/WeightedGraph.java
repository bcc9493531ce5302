package org.cellweave.cluster;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.ShapeMismatchException;

/**
 * Undirected graph in flat arrays: every edge stands at both ends, loops are kept apart.
 *
 * <p>A node's weight is what the quality function charges for: its strength for modularity, the
 * number of cells in it for the constant Potts model.
 */
final class WeightedGraph {
  private static final int BLOCK = 1024;

  final int nNodes;

  /** First edge of every node, length {@code nNodes + 1}. */
  final int[] first;

  final int[] neighbors;
  final double[] weights;
  final double[] nodeWeights;

  /** Weight of the edges inside every node, each counted once. */
  final double[] loops;

  /** Where the nodes are, in the order that random draws and sums follow; see {@link Nearby}. */
  final int[] order;

  WeightedGraph(
      int[] first,
      int[] neighbors,
      double[] weights,
      double[] nodeWeights,
      double[] loops,
      int[] order) {
    this.nNodes = first.length - 1;
    this.first = first;
    this.neighbors = neighbors;
    this.weights = weights;
    this.nodeWeights = nodeWeights;
    this.loops = loops;
    this.order = order;
  }

  /**
   * @param adjacency symmetric; entry (i, i) is a loop of that weight
   * @param useWeights otherwise every stored non-zero entry weighs 1
   * @param byStrength node weights are strengths, otherwise 1
   */
  static WeightedGraph of(CsrMatrix adjacency, boolean useWeights, boolean byStrength) {
    if (adjacency.nRows() != adjacency.nCols()) {
      throw new ShapeMismatchException("a graph must be square, got " + adjacency.shape());
    }
    if (adjacency.nnz() > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "a graph may have at most 2^31 - 17 stored entries, got " + adjacency.nnz());
    }
    checkWeights(adjacency);
    int n = adjacency.nRows();
    int[] first = firstEdges(adjacency);
    int[] neighbors = new int[first[n]];
    double[] weights = new double[neighbors.length];
    double[] loops = new double[n];
    adjacency.forBlocks(
        block -> {
          int used = first[block.firstRow()];
          for (int i = block.firstRow(); i < block.endRow(); i++) {
            for (int p = block.start(i), end = block.end(i); p < end; p++) {
              double stored = block.value(p);
              double w = useWeights || stored == 0 ? stored : 1;
              if (block.indices()[p] == i) {
                loops[i] += w;
              } else if (w > 0) {
                neighbors[used] = block.indices()[p];
                weights[used++] = w;
              }
            }
          }
        });
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    var graph = new WeightedGraph(first, neighbors, weights, new double[n], loops, order);
    graph.checkSymmetric(adjacency, useWeights);
    graph.setNodeWeights(byStrength);
    return graph;
  }

  /** Where the edges of every node begin: entries off the diagonal that are not zero. */
  private static int[] firstEdges(CsrMatrix adjacency) {
    int[] first = new int[adjacency.nRows() + 1];
    adjacency.forBlocks(
        block -> {
          for (int i = block.firstRow(); i < block.endRow(); i++) {
            int kept = 0;
            for (int p = block.start(i), end = block.end(i); p < end; p++) {
              kept += block.value(p) == 0 || block.indices()[p] == i ? 0 : 1;
            }
            first[i + 1] = kept;
          }
        });
    for (int i = 0; i < adjacency.nRows(); i++) {
      first[i + 1] += first[i];
    }
    return first;
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
  private void checkSymmetric(CsrMatrix adjacency, boolean useWeights) {
    int step = Math.max(1, nNodes / 1000);
    for (int i = 0; i < nNodes; i += step) {
      for (int e = first[i]; e < first[i + 1]; e++) {
        double back = adjacency.get(neighbors[e], i);
        if (useWeights ? Math.abs(back - weights[e]) > 1e-5 * weights[e] : back == 0) {
          throw new IllegalArgumentException(
              "the graph must be symmetric, but edge ("
                  + i
                  + ", "
                  + neighbors[e]
                  + ") weighs "
                  + weights[e]
                  + " and its twin "
                  + back
                  + "; add its transpose to it first");
        }
      }
    }
  }

  private void setNodeWeights(boolean byStrength) {
    Parallel.forRange(
        nNodes,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            nodeWeights[i] = byStrength ? strength(i) : 1;
          }
        });
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
      sum += weights[e];
    }
    return sum;
  }

  /** Sum of strengths: twice the total edge weight. */
  double totalStrength() {
    double sum = 0;
    for (int i : order) {
      sum += strength(i);
    }
    return sum;
  }

  /** One node per cluster, numbered as the clusters are; edges between clusters are added up. */
  WeightedGraph aggregate(int[] clusters, int nClusters) {
    var members = ClusterMembers.of(clusters, nClusters, order);
    int[] newFirst = new int[nClusters + 1];
    int[] newNeighbors = new int[neighbors.length];
    double[] newWeights = new double[neighbors.length];
    double[] newNodeWeights = new double[nClusters];
    double[] newLoops = new double[nClusters];
    double[] toCluster = new double[nClusters];
    int[] touched = new int[nClusters];
    int used = 0;
    for (int c = 0; c < nClusters; c++) {
      int nTouched = 0;
      for (int m = members.first()[c]; m < members.first()[c + 1]; m++) {
        int i = members.nodes()[m];
        newNodeWeights[c] += nodeWeights[i];
        newLoops[c] += loops[i];
        for (int e = first[i]; e < first[i + 1]; e++) {
          int d = clusters[neighbors[e]];
          if (d == c) {
            newLoops[c] += weights[e] / 2;
          } else {
            if (toCluster[d] == 0) {
              touched[nTouched++] = d;
            }
            toCluster[d] += weights[e];
          }
        }
      }
      for (int k = 0; k < nTouched; k++) {
        newNeighbors[used] = touched[k];
        newWeights[used++] = toCluster[touched[k]];
        toCluster[touched[k]] = 0;
      }
      newFirst[c + 1] = used;
    }
    return new WeightedGraph(
        newFirst,
        Arrays.copyOf(newNeighbors, used),
        Arrays.copyOf(newWeights, used),
        newNodeWeights,
        newLoops,
        members.order());
  }
}
