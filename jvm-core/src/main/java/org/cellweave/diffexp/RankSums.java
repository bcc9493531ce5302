package org.cellweave.diffexp;

import java.util.Arrays;

/**
 * Ranks of one gene's values, from its non-zero values alone: zeros are one run of ties whose place
 * is known.
 */
final class RankSums {
  private static final int BITS = 11;
  private static final int DIGITS = 1 << BITS;
  private static final int MASK = DIGITS - 1;

  /** Below this many values a comparison sort is faster than counting. */
  private static final int FEW = 600;

  private static final long NEGATIVE_ZERO = GeneSlices.key(-0f, 0) >> 32;

  private final int nGroups;
  private final int[] sizes;
  private long[] keys = new long[1024];
  private long[] scratch = new long[1024];
  private final int[] counts = new int[3 * DIGITS];
  private int n;

  /** Rank sum of every group. */
  final double[] sums;

  /** Sum of t^3 - t over runs of t tied values. */
  double ties;

  private final int[] nonZero;

  RankSums(int[] sizes) {
    this.nGroups = sizes.length;
    this.sizes = sizes;
    this.sums = new double[nGroups];
    this.nonZero = new int[nGroups];
  }

  /** Takes the values of a gene, some of them perhaps zero, and sorts the others. */
  void load(long[] values, int from, int to) {
    if (keys.length < to - from) {
      keys = new long[Math.max(to - from, keys.length * 2)];
      scratch = new long[keys.length];
    }
    n = 0;
    for (int p = from; p < to; p++) {
      if ((int) (values[p] >> 32) != 0 && values[p] >> 32 != NEGATIVE_ZERO) {
        keys[n++] = values[p];
      }
    }
    if (n < FEW) {
      Arrays.sort(keys, 0, n);
    } else {
      sortByValue();
    }
  }

  /** Three counting passes over the value's 32 bits; the order of groups within ties is free. */
  private void sortByValue() {
    Arrays.fill(counts, 0);
    for (int k = 0; k < n; k++) {
      int bits = (int) (keys[k] >> 32) ^ Integer.MIN_VALUE;
      counts[bits & MASK]++;
      counts[DIGITS + ((bits >>> BITS) & MASK)]++;
      counts[2 * DIGITS + (bits >>> (2 * BITS))]++;
    }
    for (int pass = 0; pass < 3; pass++) {
      int at = 0;
      for (int digit = pass * DIGITS; digit < (pass + 1) * DIGITS; digit++) {
        int size = counts[digit];
        counts[digit] = at;
        at += size;
      }
      int shift = pass * BITS;
      int base = pass * DIGITS;
      for (int k = 0; k < n; k++) {
        int bits = (int) (keys[k] >> 32) ^ Integer.MIN_VALUE;
        scratch[counts[base + ((bits >>> shift) & MASK)]++] = keys[k];
      }
      long[] swap = keys;
      keys = scratch;
      scratch = swap;
    }
  }

  /** Ranks all cells. */
  void rankAll() {
    rank(-1, -1);
  }

  /** Ranks the cells of two groups among themselves. */
  void rankPair(int group, int reference) {
    rank(group, reference);
  }

  private void rank(int a, int b) {
    Arrays.fill(sums, 0);
    Arrays.fill(nonZero, 0);
    ties = 0;
    boolean all = a < 0;
    for (int k = 0; k < n; k++) {
      nonZero[(int) keys[k]]++;
    }
    long zeros = 0;
    for (int g = 0; g < nGroups; g++) {
      if (all || g == a || g == b) {
        zeros += sizes[g] - nonZero[g];
      }
    }
    long before = 0;
    boolean zerosDone = false;
    int k = 0;
    while (k < n) {
      int value = (int) (keys[k] >> 32);
      if (!zerosDone && value > 0) {
        before = placeZeros(before, zeros, all, a, b);
        zerosDone = true;
      }
      int end = k;
      long run = 0;
      while (end < n && (int) (keys[end] >> 32) == value) {
        int g = (int) keys[end++];
        run += all || g == a || g == b ? 1 : 0;
      }
      double rank = before + (run + 1) / 2.0;
      for (; k < end; k++) {
        sums[(int) keys[k]] += rank;
      }
      ties += (double) run * run * run - run;
      before += run;
    }
    if (!zerosDone) {
      placeZeros(before, zeros, all, a, b);
    }
  }

  private long placeZeros(long before, long zeros, boolean all, int a, int b) {
    double rank = before + (zeros + 1) / 2.0;
    for (int g = 0; g < nGroups; g++) {
      if (all || g == a || g == b) {
        sums[g] += rank * (sizes[g] - nonZero[g]);
      }
    }
    ties += (double) zeros * zeros * zeros - zeros;
    return before + zeros;
  }
}
