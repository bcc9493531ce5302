package org.cellweave.cluster;

import org.cellweave.util.Parallel;

/**
 * Clusters of a graph as the nodes of a smaller one. Edges are counted before they are written, so
 * that no more memory is asked for than they take. Every cluster is added up by itself, so that
 * nothing depends on the number of threads.
 */
final class Aggregation {
  /** A thread has a place for every cluster, hence a few pieces only. */
  private static final int PIECES = 16;

  private final WeightedGraph graph;
  private final int[] clusters;
  private final ClusterMembers members;
  private final int nClusters;

  private Aggregation(WeightedGraph graph, int[] clusters, ClusterMembers members) {
    this.graph = graph;
    this.clusters = clusters;
    this.members = members;
    this.nClusters = members.order().length;
  }

  static WeightedGraph of(WeightedGraph graph, int[] clusters, ClusterMembers members) {
    var aggregation = new Aggregation(graph, clusters, members);
    var out = new WeightedGraph(aggregation.firstEdges(), false, members.order());
    aggregation.forPieces((from, to) -> aggregation.add(from, to, out));
    return out;
  }

  /** Pieces of about as many nodes each. */
  private void forPieces(Parallel.RangeBody body) {
    Parallel.forBlocks(PIECES, b -> body.run(bound(b), bound(b + 1)));
  }

  private int bound(int piece) {
    return (int) ((long) nClusters * piece / PIECES);
  }

  private int[] firstEdges() {
    int[] newFirst = new int[nClusters + 1];
    forPieces((from, to) -> count(from, to, newFirst));
    for (int c = 0; c < nClusters; c++) {
      newFirst[c + 1] += newFirst[c];
    }
    return newFirst;
  }

  /** How many other clusters each has edges to. */
  private void count(int from, int to, int[] newFirst) {
    int[] seenBy = new int[nClusters];
    for (int c = from; c < to; c++) {
      int n = 0;
      for (int m = members.first()[c]; m < members.first()[c + 1]; m++) {
        int i = members.nodes()[m];
        for (int e = graph.first[i]; e < graph.first[i + 1]; e++) {
          int d = clusters[graph.neighbors[e]];
          if (d != c && seenBy[d] != c + 1) {
            seenBy[d] = c + 1;
            n++;
          }
        }
      }
      newFirst[c + 1] = n;
    }
  }

  private void add(int from, int to, WeightedGraph out) {
    double[] toCluster = new double[nClusters];
    for (int c = from; c < to; c++) {
      int used = out.first[c];
      for (int m = members.first()[c]; m < members.first()[c + 1]; m++) {
        int i = members.nodes()[m];
        out.nodeWeights[c] += graph.nodeWeights[i];
        out.loops[c] += graph.loops[i];
        for (int e = graph.first[i]; e < graph.first[i + 1]; e++) {
          int d = clusters[graph.neighbors[e]];
          double weight = graph.weight(e);
          if (d == c) {
            out.loops[c] += weight / 2;
          } else {
            if (toCluster[d] == 0) {
              out.neighbors[used++] = d;
            }
            toCluster[d] += weight;
          }
        }
      }
      for (int e = out.first[c]; e < used; e++) {
        out.wide[e] = toCluster[out.neighbors[e]];
        toCluster[out.neighbors[e]] = 0;
      }
    }
  }
}
