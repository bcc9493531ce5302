package org.cellweave.graphdraw;

import java.util.Arrays;
import org.cellweave.graph.ConnectedComponents;
import org.cellweave.graph.GraphCheck;
import org.cellweave.graph.SymmetricGraph;
import org.cellweave.matrix.CsrMatrix;

/**
 * The neighbours of each node of an undirected graph, ascending and each once.
 *
 * <p>A weight and its transpose are averaged; self-loops and zeros are left out.
 */
final class UndirectedGraph {
  final int n;

  /** Where the neighbours of each node begin. */
  final int[] start;

  final int[] neighbors;
  final float[] weight;

  private UndirectedGraph(int n, int[] start, int[] neighbors, float[] weight) {
    this.n = n;
    this.start = start;
    this.neighbors = neighbors;
    this.weight = weight;
  }

  /**
   * The edges of a square matrix.
   *
   * @throws IllegalArgumentException when a weight is negative or not finite
   */
  static UndirectedGraph of(CsrMatrix graph) {
    GraphCheck.square(graph);
    GraphCheck.weights(graph);
    int n = graph.nRows();
    var both = SymmetricGraph.of(graph, (there, back) -> (there + back) / 2);
    int[] start = new int[n + 1];
    int[] neighbors = new int[Math.toIntExact(both.nnz())];
    float[] weight = new float[neighbors.length];
    int at = 0;
    for (int i = 0; i < n; i++) {
      var block = both.blockOf(i);
      for (int p = block.start(i); p < block.end(i); p++) {
        if (block.indices()[p] != i) {
          neighbors[at] = block.indices()[p];
          weight[at++] = (float) block.value(p);
        }
      }
      start[i + 1] = at;
    }
    return new UndirectedGraph(n, start, Arrays.copyOf(neighbors, at), Arrays.copyOf(weight, at));
  }

  int degree(int i) {
    return start[i + 1] - start[i];
  }

  /** The number of the component of each node, counted from 0 by first node. */
  int[] components() {
    return ConnectedComponents.of(
            n,
            (i, next) -> {
              for (int p = start[i]; p < start[i + 1]; p++) {
                next.accept(neighbors[p]);
              }
            })
        .labels();
  }
}
