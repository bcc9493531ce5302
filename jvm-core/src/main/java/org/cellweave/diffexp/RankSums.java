package org.cellweave.diffexp;

import java.util.Arrays;

/**
 * Ranks of one gene's values, from its non-zero values alone: zeros are one run of ties whose place
 * is known.
 */
final class RankSums {
  /** Bits of a digit, for so many values that counting as many digits is little beside them. */
  private static final int WIDE = 13;

  private static final int NARROW = 11;
  private static final int MANY = 1 << WIDE;

  /** Below this many values a comparison sort is faster than counting. */
  private static final int FEW = 600;

  private static final int NEGATIVE_ZERO = (int) (GeneSlices.key(-0f, 0) >> 32);

  private final int nGroups;
  private final int[] sizes;
  private long[] keys = new long[1024];
  private long[] scratch = new long[1024];
  private final int[] counts = new int[1 << WIDE];
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
    int low = Integer.MAX_VALUE;
    int high = Integer.MIN_VALUE;
    for (int p = from; p < to; p++) {
      int value = (int) (values[p] >> 32);
      if (value != 0 && value != NEGATIVE_ZERO) {
        keys[n++] = values[p];
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    if (n < FEW) {
      Arrays.sort(keys, 0, n);
    } else {
      sortByValue(low, high);
    }
  }

  /**
   * Counting passes over the bits in which values from {@code low} to {@code high} differ; the
   * order of groups within ties is free.
   */
  private void sortByValue(int low, int high) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros((long) high - low);
    int widest = n < MANY ? NARROW : WIDE;
    int passes = (bits + widest - 1) / widest;
    int width = passes == 0 ? 0 : (bits + passes - 1) / passes;
    for (int pass = 0; pass < passes; pass++) {
      scatter(low, pass * width, (1 << width) - 1);
    }
  }

  private void scatter(int low, int shift, int mask) {
    long[] from = keys;
    long[] to = scratch;
    int[] places = counts;
    Arrays.fill(places, 0, mask + 1, 0);
    for (int k = 0; k < n; k++) {
      places[(((int) (from[k] >> 32) - low) >>> shift) & mask]++;
    }
    int at = 0;
    for (int digit = 0; digit <= mask; digit++) {
      int size = places[digit];
      places[digit] = at;
      at += size;
    }
    for (int k = 0; k < n; k++) {
      to[places[(((int) (from[k] >> 32) - low) >>> shift) & mask]++] = from[k];
    }
    keys = to;
    scratch = from;
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
