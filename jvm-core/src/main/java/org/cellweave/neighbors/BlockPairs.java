package org.cellweave.neighbors;

import java.util.Arrays;
import org.cellweave.internal.Ordering;

/**
 * Which blocks of different kinds are compared: of every other kind, those whose centres lie
 * nearest to a block's own, as many as it takes for some rows' true neighbours to lie in them.
 */
final class BlockPairs {
  private final Blocks blocks;

  /**
   * Place of a block among those of its kind, the nearest to another first; by block, then other.
   */
  private final int[][] ranks;

  private int most;

  BlockPairs(Blocks blocks) {
    this.blocks = blocks;
    int n = blocks.count();
    ranks = new int[n][n];
    double[] gaps = new double[n];
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        gaps[b] = blocks.between(a, blocks, b);
      }
      int[] next = new int[blocks.nKinds];
      for (int b : Ordering.ascending(gaps)) {
        ranks[a][b] = next[blocks.kinds[b]]++;
      }
    }
    most = n;
  }

  /** Block of every row. */
  int[] ofRows() {
    int[] out = new int[blocks.order.length];
    for (int b = 0; b < blocks.count(); b++) {
      for (int p = blocks.starts[b]; p < blocks.starts[b + 1]; p++) {
        out[blocks.order[p]] = b;
      }
    }
    return out;
  }

  /**
   * Chooses how many, the fewest that hold a share of these pairs.
   *
   * @param first block of a row
   * @param second block of a row that is near to it
   */
  void choose(int[] first, int[] second, double share) {
    int[] needed = new int[first.length];
    Arrays.setAll(needed, p -> rank(first[p], second[p]));
    Arrays.sort(needed);
    int last = (int) Math.ceil(share * needed.length) - 1;
    most = last < 0 ? blocks.count() : needed[last] + 1;
  }

  boolean has(int a, int b) {
    return blocks.kinds[a] != blocks.kinds[b] && rank(a, b) < most;
  }

  private int rank(int a, int b) {
    return Math.min(ranks[a][b], ranks[b][a]);
  }
}
