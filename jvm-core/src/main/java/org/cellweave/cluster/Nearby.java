package org.cellweave.cluster;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/**
 * A graph whose nodes lie in memory beside those that they are joined with, in the order that a
 * search in width finds them, because most of the time of a large graph goes into waiting for
 * memory. The order that draws and sums follow stays what it was: no result depends on this.
 */
final class Nearby {
  /** Entries of a graph that a processor's caches hold in any order. */
  private static final int SMALL = 1 << 21;

  private static final int BLOCK = 4096;

  private Nearby() {}

  /**
   * @param graph in the order of its nodes
   * @return the same graph when it is small
   */
  static WeightedGraph of(WeightedGraph graph) {
    return graph.neighbors.length <= SMALL ? graph : gathered(graph);
  }

  static WeightedGraph gathered(WeightedGraph graph) {
    int[] nodes = new int[graph.nNodes];
    int[] place = new int[graph.nNodes];
    Arrays.fill(place, -1);
    int taken = 0;
    for (int start = 0; start < graph.nNodes; start++) {
      if (place[start] >= 0) {
        continue;
      }
      int head = taken;
      place[start] = taken;
      nodes[taken++] = start;
      while (head < taken) {
        int i = nodes[head++];
        for (int e = graph.first[i]; e < graph.first[i + 1]; e++) {
          int j = graph.neighbors[e];
          if (place[j] < 0) {
            place[j] = taken;
            nodes[taken++] = j;
          }
        }
      }
    }
    return copied(graph, nodes, place);
  }

  /**
   * @param nodes in the order of memory
   * @param place where each of them is
   */
  private static WeightedGraph copied(WeightedGraph graph, int[] nodes, int[] place) {
    int n = graph.nNodes;
    int[] first = new int[n + 1];
    for (int k = 0; k < n; k++) {
      int i = nodes[k];
      first[k + 1] = first[k] + graph.first[i + 1] - graph.first[i];
    }
    int[] neighbors = new int[first[n]];
    double[] weights = new double[first[n]];
    double[] nodeWeights = new double[n];
    double[] loops = new double[n];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int k = from; k < to; k++) {
            int i = nodes[k];
            nodeWeights[k] = graph.nodeWeights[i];
            loops[k] = graph.loops[i];
            int at = first[k];
            for (int e = graph.first[i]; e < graph.first[i + 1]; e++) {
              neighbors[at] = place[graph.neighbors[e]];
              weights[at++] = graph.weights[e];
            }
          }
        });
    return new WeightedGraph(first, neighbors, weights, nodeWeights, loops, place);
  }
}
