package org.cellweave.cluster;

/**
 * The edges of the next few nodes of a pass, copied to one place. A pass in a random order waits
 * for memory at every node; the reads for several nodes that do not depend on one another wait
 * together.
 */
final class EdgesAhead {
  /** The most nodes that are taken at a time. */
  static final int NODES = 16;

  private static final int EDGES = 1024;

  /** Values in a line of a cache. */
  private static final int LINE = 16;

  private final WeightedGraph graph;

  /** First edge here of every node taken, then the end of the last. */
  final int[] first = new int[NODES + 1];

  int[] neighbors = new int[EDGES];
  double[] weights = new double[EDGES];

  /** Keeps the compiler from leaving out reads that are only for the caches. */
  @SuppressWarnings("UnusedVariable")
  private double read;

  EdgesAhead(WeightedGraph graph) {
    this.graph = graph;
  }

  /**
   * Takes some of {@code nodes[from]} to {@code nodes[to - 1]}, one at least.
   *
   * @param groups of the nodes, which the pass will look up for every neighbour
   * @param ofGroups what it will look up for these
   * @return how many nodes were taken
   */
  int take(int[] nodes, int from, int to, int[] groups, double[] ofGroups) {
    int most = Math.min(NODES, to - from);
    touch(nodes, from, from + most);
    int n = 0;
    int used = 0;
    while (n < most) {
      int start = graph.first[nodes[from + n]];
      int size = graph.first[nodes[from + n] + 1] - start;
      if (used + size > neighbors.length) {
        if (n > 0) {
          break;
        }
        neighbors = new int[size + size / 2];
        weights = new double[neighbors.length];
      }
      copy(start, size, used);
      used += size;
      first[++n] = used;
    }
    double sum = 0;
    for (int e = 0; e < used; e++) {
      sum += ofGroups[groups[neighbors[e]]];
    }
    read += sum;
    return n;
  }

  private void copy(int start, int size, int to) {
    System.arraycopy(graph.neighbors, start, neighbors, to, size);
    if (graph.narrow == null) {
      System.arraycopy(graph.wide, start, weights, to, size);
    } else {
      for (int e = 0; e < size; e++) {
        weights[to + e] = graph.narrow[start + e];
      }
    }
  }

  private void touch(int[] nodes, int from, int to) {
    double sum = 0;
    for (int k = from; k < to; k++) {
      sum += graph.nodeWeights[nodes[k]];
      int end = Math.min(graph.first[nodes[k] + 1], graph.first[nodes[k]] + EDGES);
      for (int e = graph.first[nodes[k]]; e < end; e += LINE) {
        sum += graph.neighbors[e] + graph.weight(e);
      }
    }
    read += sum;
  }
}
