package org.cellweave.preprocess;

import java.util.Arrays;
import java.util.Comparator;
import org.cellweave.util.Median;

/**
 * Genes that vary most in most batches: ordered by the number of batches that have them among their
 * first, then by the median of their ranks there.
 *
 * @param selected the first of that order
 * @param rank median rank over batches, NaN where never among the first
 * @param nBatches number of batches that have the gene among their first
 * @param intersection whether all have
 */
public record RankedGenes(
    boolean[] selected, double[] rank, int[] nBatches, boolean[] intersection) {
  /**
   * @param variance how much every gene varies in every batch; NaN where it has no say
   * @param nTop genes to select, and those that a batch names
   */
  public static RankedGenes of(double[][] variance, int nTop) {
    int nGenes = variance[0].length;
    int[][] ranks = StandardisedVariance.ranks(variance);
    double[] rank = new double[nGenes];
    int[] nBatches = new int[nGenes];
    boolean[] intersection = new boolean[nGenes];
    for (int j = 0; j < nGenes; j++) {
      int gene = j;
      double[] top = Arrays.stream(ranks).mapToDouble(r -> r[gene]).filter(r -> r < nTop).toArray();
      rank[j] = Median.of(top);
      nBatches[j] = top.length;
      intersection[j] = top.length == ranks.length;
    }
    Integer[] order = new Integer[nGenes];
    Arrays.setAll(order, j -> j);
    // NaN compares above every number, so genes without a rank come last
    Arrays.sort(
        order,
        Comparator.comparingInt((Integer j) -> -nBatches[j]).thenComparingDouble(j -> rank[j]));
    boolean[] selected = StandardisedVariance.firstOf(order, nBatches, nTop);
    return new RankedGenes(selected, rank, nBatches, intersection);
  }
}
