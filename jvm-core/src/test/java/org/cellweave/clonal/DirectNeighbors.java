package org.cellweave.clonal;

import java.util.Arrays;
import java.util.Comparator;
import org.cellweave.matrix.Matrix;

/** The definition of the clonal neighbourhood, pair by pair: slow, and nothing shared with it. */
final class DirectNeighbors {
  private DirectNeighbors() {}

  /** Clones by clones, row-major. */
  static double[] adjacency(Matrix x, int[] codes, int nClones, int k) {
    double[] counts = new double[nClones * nClones];
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] >= 0) {
        for (int j : nearest(x, codes, i, k)) {
          counts[codes[i] * nClones + codes[j]]++;
        }
      }
    }
    return counts;
  }

  /** Among cells with a clone: the cell itself, then by distance, then by index. */
  private static int[] nearest(Matrix x, int[] codes, int i, int k) {
    double[] far = new double[codes.length];
    for (int j = 0; j < far.length; j++) {
      double sum = 0;
      for (int c = 0; c < x.nCols(); c++) {
        sum += Math.pow(x.get(i, c) - x.get(j, c), 2);
      }
      far[j] = j == i ? -1 : sum;
    }
    Integer[] order = new Integer[codes.length];
    Arrays.setAll(order, j -> j);
    Arrays.sort(order, Comparator.<Integer>comparingDouble(j -> far[j]).thenComparingInt(j -> j));
    return Arrays.stream(order).filter(j -> codes[j] >= 0).limit(k).mapToInt(j -> j).toArray();
  }
}
