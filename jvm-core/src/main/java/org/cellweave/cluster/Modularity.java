package org.cellweave.cluster;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Check;

/**
 * Modularity of a partition: the share of edge weight inside clusters beyond what nodes of their
 * strengths would have by chance.
 *
 * @see <a href="https://doi.org/10.1103/PhysRevE.69.026113">Newman and Girvan 2004</a>
 */
public final class Modularity {
  private Modularity() {}

  /**
   * @param graph symmetric weights
   * @param labels cluster of every node, from 0
   * @param resolution 1 for modularity itself
   */
  public static double of(CsrMatrix graph, int[] labels, double resolution) {
    Check.sameLength(labels.length, graph.nRows(), "labels", "the number of nodes");
    var network = WeightedGraph.of(graph, true, true);
    return of(network, network.placed(labels), resolution);
  }

  static double of(WeightedGraph graph, int[] labels, double resolution) {
    int n = 0;
    for (int label : labels) {
      n = Math.max(n, label + 1);
    }
    double[] strength = new double[n];
    double inside = 0;
    double total = 0;
    var ahead = new EdgesAhead(graph);
    int taken = 0;
    for (int at = 0; at < graph.nNodes; at += taken) {
      taken = ahead.take(graph.order, at, graph.nNodes, labels, strength);
      for (int k = 0; k < taken; k++) {
        int i = graph.order[at + k];
        double s = 2 * graph.loops[i];
        inside += 2 * graph.loops[i];
        for (int e = ahead.first[k]; e < ahead.first[k + 1]; e++) {
          s += ahead.weights[e];
          inside += labels[ahead.neighbors[e]] == labels[i] ? ahead.weights[e] : 0;
        }
        strength[labels[i]] += s;
        total += s;
      }
    }
    if (total == 0) {
      return Double.NaN;
    }
    double chance = 0;
    for (double s : strength) {
      chance += s * s;
    }
    return inside / total - resolution * chance / (total * total);
  }
}
