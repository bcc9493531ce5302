package org.cellweave.graphdraw;

import java.util.Arrays;
import org.cellweave.graph.ConnectedComponents;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.ShapeMismatchException;

/**
 * The neighbours of each node of an undirected graph, ascending and each once.
 *
 * <p>A weight and its transpose are averaged; self-loops and zeros are left out.
 */
final class UndirectedGraph {
  final int n;
  final int[] start;
  final int[] ends;
  final float[] weight;

  private UndirectedGraph(int n, int[] start, int[] ends, float[] weight) {
    this.n = n;
    this.start = start;
    this.ends = ends;
    this.weight = weight;
  }

  /**
   * The links of a square matrix.
   *
   * @throws IllegalArgumentException when a weight is negative or not finite
   */
  static UndirectedGraph of(CsrMatrix graph) {
    if (graph.nRows() != graph.nCols()) {
      throw new ShapeMismatchException("graph must be square, got " + graph.describe());
    }
    check(graph);
    int n = graph.nRows();
    var back = graph.transposeToCsr();
    int[] start = new int[n + 1];
    int[] ends = new int[Math.toIntExact(2 * graph.nnz())];
    float[] weight = new float[ends.length];
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
          ends[at] = j;
          weight[at++] = (float) w;
        }
      }
      start[i + 1] = at;
    }
    return new UndirectedGraph(n, start, Arrays.copyOf(ends, at), Arrays.copyOf(weight, at));
  }

  private static void check(CsrMatrix graph) {
    for (int i = 0; i < graph.nRows(); i++) {
      var block = graph.blockOf(i);
      for (int p = block.start(i); p < block.end(i); p++) {
        if (!(block.value(p) >= 0 && block.value(p) < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "weights of graph must be finite and not negative; row "
                  + i
                  + ", column "
                  + block.indices()[p]
                  + " is "
                  + block.value(p));
        }
      }
    }
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
                next.accept(ends[p]);
              }
            })
        .labels();
  }

  /** The first two columns of places to start from, x and y in turn. */
  static double[] places(DenseMatrix start, int n) {
    if (start.nRows() != n || start.nCols() < 2) {
      throw new ShapeMismatchException(
          "start must have " + n + " rows and at least 2 columns, got " + start.describe());
    }
    double[] place = new double[2 * n];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < 2; c++) {
        double v = start.get(i, c);
        if (!Double.isFinite(v)) {
          throw new IllegalArgumentException(
              "row " + i + ", column " + c + " of start is " + v + "; it must be finite");
        }
        place[2 * i + c] = v;
      }
    }
    return place;
  }
}
