package org.cellweave.graphdraw;

import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;

/** Graphs to lay out, and how far apart their nodes came to lie. */
final class SmallGraphs {
  private SmallGraphs() {}

  /**
   * @param edges as {@link #edge} makes them
   */
  static CsrMatrix graph(int n, double[]... edges) {
    double[][] w = new double[n][n];
    for (double[] e : edges) {
      w[(int) e[0]][(int) e[1]] = e[2];
      w[(int) e[1]][(int) e[0]] = e[2];
    }
    return DenseMatrix.ofRows(w).toCsr();
  }

  static double[] edge(int i, int j, double w) {
    return new double[] {i, j, w};
  }

  /** A connected random graph: a tree and some more edges. */
  static CsrMatrix random(int n, long seed) {
    var random = new SplittableRandom(seed);
    double[][] edges = new double[2 * n][];
    for (int e = 0; e < 2 * n; e++) {
      int i = e < n - 1 ? e + 1 : random.nextInt(1, n);
      edges[e] = edge(i, random.nextInt(i), 0.1 + random.nextDouble());
    }
    return graph(n, edges);
  }

  static double distance(DenseMatrix at, int i, int j) {
    return Math.hypot(at.get(i, 0) - at.get(j, 0), at.get(i, 1) - at.get(j, 1));
  }
}
