package org.cellweave.doublets;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Ordered pairs of cells, none of them twice: Floyd's sampling of {@code k} numbers out of {@code
 * n^2} without replacement, each number being a pair.
 */
final class DistinctPairs {
  private static final long EMPTY = -1;

  private final long[] slots;

  private DistinctPairs(int capacity) {
    slots = new long[Integer.highestOneBit(Math.max(4, capacity)) * 4];
    Arrays.fill(slots, EMPTY);
  }

  /** Members of pair {@code p} at {@code 2 p} and {@code 2 p + 1}. */
  static int[] draw(int n, int k, SplittableRandom random) {
    var taken = new DistinctPairs(k);
    long all = (long) n * n;
    int[] pairs = new int[2 * k];
    for (int p = 0; p < k; p++) {
      long last = all - k + p;
      long pair = random.nextLong(last + 1);
      if (!taken.add(pair)) {
        pair = last;
        taken.add(last);
      }
      pairs[2 * p] = (int) (pair / n);
      pairs[2 * p + 1] = (int) (pair % n);
    }
    return pairs;
  }

  private boolean add(long value) {
    long hash = value * 0x9E3779B97F4A7C15L;
    int at = (int) (hash >>> 32) & (slots.length - 1);
    while (slots[at] != EMPTY) {
      if (slots[at] == value) {
        return false;
      }
      at = (at + 1) & (slots.length - 1);
    }
    slots[at] = value;
    return true;
  }
}
