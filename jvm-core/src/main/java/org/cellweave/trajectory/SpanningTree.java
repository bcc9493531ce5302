package org.cellweave.trajectory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The spanning tree, or forest, of the strongest edges. */
final class SpanningTree {
  private SpanningTree() {}

  private record Edge(int from, int to, double strength) {}

  /**
   * @param strength symmetric; 0 for no edge
   * @param weight what an edge of the tree keeps, at one of its two places
   */
  static double[][] strongest(double[][] strength, double[][] weight) {
    int n = strength.length;
    List<Edge> edges = new ArrayList<>();
    for (int a = 0; a < n; a++) {
      for (int b = a + 1; b < n; b++) {
        if (strength[a][b] > 0) {
          edges.add(new Edge(a, b, strength[a][b]));
        }
      }
    }
    edges.sort(Comparator.comparingDouble(Edge::strength).reversed());
    int[] tree = new int[n];
    Arrays.setAll(tree, i -> i);
    double[][] out = new double[n][n];
    for (Edge e : edges) {
      int a = tree[e.from];
      int b = tree[e.to];
      if (a != b) {
        out[e.from][e.to] = weight[e.from][e.to];
        for (int i = 0; i < n; i++) {
          tree[i] = tree[i] == b ? a : tree[i];
        }
      }
    }
    return out;
  }
}
