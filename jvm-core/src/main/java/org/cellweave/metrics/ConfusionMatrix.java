package org.cellweave.metrics;

import org.cellweave.design.Categories;

/** How often each label of one labeling meets each label of another. */
public final class ConfusionMatrix {
  private ConfusionMatrix() {}

  /** {@code [i][j]} counts the cells with label i in {@code a} and j in {@code b}. */
  public static long[][] counts(int[] a, int nA, int[] b, int nB) {
    Categories.complete("a", a, b.length);
    Categories.complete("b", b, a.length);
    long[][] table = new long[nA][nB];
    for (int i = 0; i < a.length; i++) {
      table[a[i]][b[i]]++;
    }
    return table;
  }

  /** Rows divided by their sums; a label without cells keeps zeros. */
  public static double[][] shares(long[][] counts) {
    double[][] out = new double[counts.length][];
    for (int i = 0; i < counts.length; i++) {
      out[i] = new double[counts[i].length];
      long sum = 0;
      for (long c : counts[i]) {
        sum += c;
      }
      for (int j = 0; j < out[i].length && sum > 0; j++) {
        out[i][j] = counts[i][j] / (double) sum;
      }
    }
    return out;
  }
}
