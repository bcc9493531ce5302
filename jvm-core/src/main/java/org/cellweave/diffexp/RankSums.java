package org.cellweave.diffexp;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;

/**
 * Ranks of one gene's values, from its non-zero values alone: zeros are one run of ties whose place
 * is known.
 */
final class RankSums {
  private final int nGroups;
  private final int[] sizes;
  private long[] keys = new long[1024];
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

  /** Sorts the non-zero values of gene {@code j}. */
  void load(CsrMatrix byGene, int j, int[] codes) {
    CsrMatrix.Block block = byGene.blockOf(j);
    int start = block.start(j);
    int end = block.end(j);
    if (keys.length < end - start) {
      keys = new long[Math.max(end - start, keys.length * 2)];
    }
    float[] values = block.values();
    int[] cells = block.indices();
    n = 0;
    for (int p = start; p < end; p++) {
      if (values[p] != 0) {
        keys[n++] = key(values[p], codes[cells[p]]);
      }
    }
    Arrays.sort(keys, 0, n);
  }

  /** Orders by value, then group. */
  private static long key(float value, int group) {
    int bits = Float.floatToRawIntBits(value);
    bits ^= (bits >> 31) & 0x7fffffff;
    return ((long) bits << 32) | group;
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
