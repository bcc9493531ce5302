package org.cellweave.cluster;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.ShapeMismatchException;

/**
 * Undirected graph in flat arrays: every edge stands at both ends, loops are kept apart.
 *
 * <p>A node's weight is what the quality function charges for: its strength for modularity, the
 * number of cells in it for the constant Potts model.
 */
final class WeightedGraph {
  final int nNodes;

  /** First edge of every node, length {@code nNodes + 1}. */
  final int[] first;

  final int[] neighbors;
  final double[] weights;
  final double[] nodeWeights;

  /** Weight of the edges inside every node, each counted once. */
  final double[] loops;

  WeightedGraph(
      int[] first, int[] neighbors, double[] weights, double[] nodeWeights, double[] loops) {
    this.nNodes = first.length - 1;
    this.first = first;
    this.neighbors = neighbors;
    this.weights = weights;
    this.nodeWeights = nodeWeights;
    this.loops = loops;
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
    int n = adjacency.nRows();
    int[] first = new int[n + 1];
    int[] neighbors = new int[(int) adjacency.nnz()];
    double[] weights = new double[neighbors.length];
    double[] loops = new double[n];
    int used = 0;
    for (int b = 0; b < adjacency.blockCount(); b++) {
      CsrMatrix.Block block = adjacency.block(b);
      for (int i = block.firstRow(); i < block.endRow(); i++) {
        for (int p = block.start(i); p < block.end(i); p++) {
          double w = block.value(p);
          checkWeight(w, i, block.indices()[p]);
          w = useWeights || w == 0 ? w : 1;
          if (block.indices()[p] == i) {
            loops[i] += w;
          } else if (w > 0) {
            neighbors[used] = block.indices()[p];
            weights[used++] = w;
          }
        }
        first[i + 1] = used;
      }
    }
    var graph = new WeightedGraph(first, neighbors, weights, new double[n], loops);
    graph.checkSymmetric(adjacency, useWeights);
    graph.setNodeWeights(byStrength);
    return graph;
  }

  private static void checkWeight(double w, int i, int j) {
    if (!(w >= 0) || Double.isInfinite(w)) {
      throw new IllegalArgumentException(
          "edge weights must be finite and not negative, got " + w + " between " + i + " and " + j);
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
    for (int i = 0; i < nNodes; i++) {
      nodeWeights[i] = byStrength ? strength(i) : 1;
    }
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
    for (int i = 0; i < nNodes; i++) {
      sum += strength(i);
    }
    return sum;
  }

  /** One node per cluster, numbered as the clusters are; edges between clusters are added up. */
  WeightedGraph aggregate(int[] clusters, int nClusters) {
    int[][] members = ClusterMembers.of(clusters, nClusters);
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
      for (int i : members[c]) {
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
        java.util.Arrays.copyOf(newNeighbors, used),
        java.util.Arrays.copyOf(newWeights, used),
        newNodeWeights,
        newLoops);
  }
}
