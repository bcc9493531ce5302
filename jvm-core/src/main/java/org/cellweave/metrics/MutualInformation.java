package org.cellweave.metrics;

import org.cellweave.design.Categories;
import org.cellweave.util.Elementary;

/**
 * Normalised mutual information of two labelings: mutual information over the arithmetic mean of
 * the entropies, from 0 to 1. Two labelings of one cluster each agree perfectly.
 *
 * @see <a href="https://doi.org/10.1145/1553374.1553511">Vinh, Epps and Bailey 2009</a>
 */
public final class MutualInformation {
  private MutualInformation() {}

  /** Codes from 0. */
  public static double normalized(int[] a, int[] b) {
    var left = Categories.complete("a", a, a.length);
    var right = Categories.complete("b", b, a.length);
    if (left.used() == 1 && right.used() == 1) {
      return 1;
    }
    int nB = right.sizes().length;
    long[] table = new long[left.sizes().length * nB];
    for (int i = 0; i < a.length; i++) {
      table[a[i] * nB + b[i]]++;
    }
    double n = a.length;
    double information = 0;
    for (int p = 0; p < table.length; p++) {
      if (table[p] > 0) {
        double expected = left.sizes()[p / nB] * (right.sizes()[p % nB] / n);
        information += table[p] / n * Elementary.log(table[p] / expected);
      }
    }
    double mean = (entropy(left.sizes(), n) + entropy(right.sizes(), n)) / 2;
    return mean == 0 ? 0 : Math.max(0, information) / mean;
  }

  private static double entropy(int[] sizes, double n) {
    double sum = 0;
    for (int size : sizes) {
      if (size > 0) {
        sum -= size / n * Elementary.log(size / n);
      }
    }
    return sum;
  }
}
