package org.cellweave.graphdraw;

import java.util.Arrays;
import org.cellweave.graph.ConnectedComponents;
import org.cellweave.graph.GraphCheck;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.ShapeMismatchException;

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
    var back = graph.transposeToCsr();
    int[] start = new int[n + 1];
    int[] neighbors = new int[Math.toIntExact(2 * graph.nnz())];
    float[] weight = new float[neighbors.length];
    int at = 0;
    for (int i = 0; i < n; i++) {
      var one = graph.blockOf(i);
      var two = back.blockOf(i);
      int p = one.start(i);
      int q = two.start(i);
      while (p < one.end(i) || q < two.end(i)) {
        int a = p < one.end(i) ? one.indices()[p] : Integer.MAX_VALUE;
        int b = q < two.end(i) ? two.indices()[q] : Integer.MAX_VALUE;
        int j = Math.min(a, b);
        double w = ((a == j ? one.value(p) : 0) + (b == j ? two.value(q) : 0)) / 2;
        p += a == j ? 1 : 0;
        q += b == j ? 1 : 0;
        if (i != j && w > 0) {
          neighbors[at] = j;
          weight[at++] = (float) w;
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
