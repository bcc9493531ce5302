package org.cellweave.metrics;

import org.cellweave.util.Check;

/**
 * Adjusted Rand index of two labelings: 1 when they agree up to names, about 0 by chance.
 *
 * @see <a href="https://doi.org/10.1007/BF01908075">Hubert and Arabie 1985</a>
 */
public final class AdjustedRand {
  private AdjustedRand() {}

  /** Labels are whole numbers from 0; two labelings of one cluster each agree perfectly. */
  public static double of(int[] a, int[] b) {
    Check.sameLength(b.length, a.length, "b", "the length of a");
    if (a.length == 0) {
      throw new IllegalArgumentException("the labelings must name at least one cell, got none");
    }
    if (a.length == 1) {
      return 1;
    }
    int nB = 0;
    int nA = 0;
    for (int i = 0; i < a.length; i++) {
      nA = Math.max(nA, a[i] + 1);
      nB = Math.max(nB, b[i] + 1);
    }
    long[] table = new long[nA * nB];
    long[] rows = new long[nA];
    long[] cols = new long[nB];
    for (int i = 0; i < a.length; i++) {
      table[a[i] * nB + b[i]]++;
      rows[a[i]]++;
      cols[b[i]]++;
    }
    double together = pairs(table);
    double inA = pairs(rows);
    double inB = pairs(cols);
    double all = a.length * (a.length - 1.0) / 2;
    double expected = inA * inB / all;
    double most = (inA + inB) / 2;
    return most == expected ? 1 : (together - expected) / (most - expected);
  }

  private static double pairs(long[] sizes) {
    double sum = 0;
    for (long s : sizes) {
      sum += s * (s - 1.0) / 2;
    }
    return sum;
  }
}
