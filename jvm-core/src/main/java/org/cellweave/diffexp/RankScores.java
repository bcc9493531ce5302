package org.cellweave.diffexp;

import java.io.Serializable;

/**
 * Scores and p-values from the ranks of a gene.
 *
 * @param sizes of all groups, which together are all cells
 * @param wanted groups to compare
 * @param reference a code, or {@link RankGenesGroups#REST}
 * @param tieCorrect whether the variance accounts for ties
 */
record RankScores(int[] sizes, int[] wanted, int reference, boolean tieCorrect)
    implements Serializable {

  static RankScores of(GroupMoments moments, int[] wanted, int reference, boolean tieCorrect) {
    int[] sizes = new int[moments.nGroups()];
    for (int g = 0; g < sizes.length; g++) {
      sizes[g] = moments.size(g);
    }
    return new RankScores(sizes, wanted, reference, tieCorrect);
  }

  /** Ranks of genes, for one thread. */
  RankSums ranks() {
    return new RankSums(sizes);
  }

  /**
   * Fills column {@code at} of scores and p-values, which have a row for every group wanted.
   *
   * @param ranks that hold the values of the gene
   */
  void fill(RankSums ranks, int at, double[][] scores, double[][] pvals) {
    boolean rest = reference == RankGenesGroups.REST;
    if (rest) {
      ranks.rankAll();
    }
    int cells = 0;
    for (int size : sizes) {
      cells += size;
    }
    for (int w = 0; w < wanted.length; w++) {
      if (!rest) {
        ranks.rankPair(wanted[w], reference);
      }
      int n = sizes[wanted[w]];
      int m = rest ? cells - n : sizes[reference];
      double z = zScore(ranks, wanted[w], n, m);
      scores[w][at] = z;
      pvals[w][at] = Significance.normal(z);
    }
  }

  private double zScore(RankSums ranks, int group, int n, int m) {
    double all = (double) n + m;
    double correction = tieCorrect ? 1 - ranks.ties / (all * all * all - all) : 1;
    double deviation = Math.sqrt(correction * n * m * (all + 1) / 12.0);
    double z = (ranks.sums[group] - n * (all + 1) / 2.0) / deviation;
    return Double.isNaN(z) ? 0 : z;
  }
}
