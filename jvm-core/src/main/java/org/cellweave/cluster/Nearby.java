package org.cellweave.cluster;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/**
 * A graph whose nodes lie in memory beside those that they are joined with, because most of the
 * time of a large graph goes into waiting for memory. Nodes are taken as a search in width finds
 * them, some hundreds from each start; the next start is a neighbour of the last ones taken. The
 * order that draws and sums follow stays what it was, so that no result depends on this.
 */
final class Nearby {
  /** Edges of a graph that a processor's caches hold in any order. */
  private static final int SMALL = 1 << 21;

  private static final int TOGETHER = 512;
  private static final int BLOCK = 4096;

  private final WeightedGraph graph;

  /** Nodes in the order of memory, and where each of them is; negative for one not yet taken. */
  private final int[] nodes;

  private final int[] place;
  private int taken;

  /** Where to start next, the last first. */
  private final int[] starts;

  private int nStarts;
  private final boolean[] listed;

  private Nearby(WeightedGraph graph) {
    this.graph = graph;
    nodes = new int[graph.nNodes];
    place = new int[graph.nNodes];
    starts = new int[graph.nNodes];
    listed = new boolean[graph.nNodes];
    Arrays.fill(place, -1);
  }

  /**
   * @param graph in the order of its nodes
   * @return the same graph when it is small
   */
  static WeightedGraph of(WeightedGraph graph) {
    return graph.neighbors.length <= SMALL ? graph : gathered(graph);
  }

  static WeightedGraph gathered(WeightedGraph graph) {
    var search = new Nearby(graph);
    search.takeAll();
    return search.copied();
  }

  private void takeAll() {
    for (int i = 0; i < graph.nNodes; i++) {
      if (place[i] < 0) {
        takeFrom(i);
      }
      while (nStarts > 0) {
        int start = starts[--nStarts];
        if (place[start] < 0) {
          takeFrom(start);
        }
      }
    }
  }

  private void takeFrom(int start) {
    int head = taken;
    int end = taken + TOGETHER;
    take(start);
    while (head < taken && taken < end) {
      int i = nodes[head++];
      for (int e = graph.first[i]; e < graph.first[i + 1]; e++) {
        if (place[graph.neighbors[e]] < 0) {
          take(graph.neighbors[e]);
        }
      }
    }
    while (head < taken) {
      int i = nodes[head++];
      for (int e = graph.first[i]; e < graph.first[i + 1]; e++) {
        int j = graph.neighbors[e];
        if (place[j] < 0 && !listed[j]) {
          listed[j] = true;
          starts[nStarts++] = j;
        }
      }
    }
  }

  private void take(int node) {
    place[node] = taken;
    nodes[taken++] = node;
  }

  private WeightedGraph copied() {
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
