package org.cellweave.contract;

import java.util.Comparator;
import java.util.stream.IntStream;
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
    int[][] out = new int[n][];
    for (int i = 0; i < n; i++) {
      double[] from = new double[n];
      for (int j = 0; j < n; j++) {
        from[j] = j == i ? -1 : distance(rows[i], rows[j]);
      }
      out[i] =
          IntStream.range(0, n)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer j) -> from[j]))
              .limit(k)
              .mapToInt(Integer::intValue)
              .toArray();
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
