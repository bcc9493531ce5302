package org.cellweave.embed;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.neighbors.NearestNeighbors.Search;

/** How well a layout keeps neighbours; small inputs only, all pairs are ranked. */
public final class Trustworthiness {
  private Trustworthiness() {}

  /** Venna and Kaski's measure, as scikit-learn computes it. */
  public static double of(DenseMatrix x, DenseMatrix layout, int k) {
    int n = x.nRows();
    int[] near = lists(layout, k + 1);
    int[] all = lists(x, n - 1);
    double penalty = 0;
    int[] rank = new int[n];
    for (int i = 0; i < n; i++) {
      java.util.Arrays.fill(rank, n - 1);
      for (int c = 1; c < n - 1; c++) {
        rank[all[i * (n - 1) + c]] = c;
      }
      for (int c = 1; c <= k; c++) {
        penalty += Math.max(0, rank[near[i * (k + 1) + c]] - k);
      }
    }
    return 1 - penalty * 2 / ((double) n * k * (2.0 * n - 3.0 * k - 1));
  }

  /** Mean share of the {@code k} nearest neighbours that are among the nearest in the layout. */
  public static double overlap(DenseMatrix x, DenseMatrix layout, int k) {
    int n = x.nRows();
    int[] a = lists(x, k + 1);
    int[] b = lists(layout, k + 1);
    long shared = 0;
    for (int i = 0; i < n; i++) {
      for (int c = 1; c <= k; c++) {
        for (int e = 1; e <= k; e++) {
          shared += a[i * (k + 1) + c] == b[i * (k + 1) + e] ? 1 : 0;
        }
      }
    }
    return shared / ((double) n * k);
  }

  private static int[] lists(DenseMatrix x, int k) {
    var params = NearestNeighbors.Params.builder().nNeighbors(k).search(Search.EXACT).build();
    return NearestNeighbors.run(x, params).indices();
  }
}
