package org.cellweave.contract;

import org.cellweave.matrix.DenseMatrix;

/** Neighbours by looking at every pair; small inputs only. */
public final class AllPairs {
  private AllPairs() {}

  /** The {@code k} nearest by Euclidean distance, the cell itself first, ties by index. */
  public static int[][] nearest(DenseMatrix x, int k) {
    int n = x.nRows();
    double[][] rows = new double[n][x.nCols()];
    for (int i = 0; i < n; i++) {
      x.readRow(i, rows[i]);
    }
    int[][] out = new int[n][k];
    double[] nearest = new double[k];
    for (int i = 0; i < n; i++) {
      int size = 0;
      for (int j = 0; j < n; j++) {
        double far = j == i ? -1 : distance(rows[i], rows[j]);
        far = Double.isNaN(far) ? Double.POSITIVE_INFINITY : far;
        if (size == k && !(far < nearest[k - 1])) {
          continue;
        }
        int at = size < k ? size++ : k - 1;
        while (at > 0 && far < nearest[at - 1]) {
          nearest[at] = nearest[at - 1];
          out[i][at] = out[i][at - 1];
          at--;
        }
        nearest[at] = far;
        out[i][at] = j;
      }
    }
    return out;
  }

  public static double distance(double[] a, double[] b) {
    double squares = 0;
    for (int c = 0; c < a.length; c++) {
      squares += (a[c] - b[c]) * (a[c] - b[c]);
    }
    return Math.sqrt(squares);
  }
}
