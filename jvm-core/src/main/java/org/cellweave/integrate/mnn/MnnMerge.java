package org.cellweave.integrate.mnn;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.cellweave.design.Categories;
import org.cellweave.util.Quoted;

/**
 * How a merge went.
 *
 * @param left batches that stayed, by level, in the order in which they had merged
 * @param right batches that moved
 * @param leftCells the left cell of every pair of mutual neighbours, by row of the input
 * @param rightCells the right cell of the pair
 * @param batchSize length of the mean shift over that of a typical shift, between 0 and 1: near 0
 *     where there is no common batch effect; NaN where the method does not measure it
 * @param skipped whether nothing was done because {@code batchSize} is below what was asked for
 * @param lostVariance share of the variance of every batch that was lost in this merge; 0 for
 *     batches that took no part
 */
public record MnnMerge(
    int[] left,
    int[] right,
    int[] leftCells,
    int[] rightCells,
    double batchSize,
    boolean skipped,
    double[] lostVariance) {

  /** Pairs of mutual neighbours. */
  public int nPairs() {
    return leftCells.length;
  }

  /** What messages call some batches: {@code 'a' + 'b'}. */
  static String called(Categories batch, int[] levels) {
    return Arrays.stream(levels)
        .mapToObj(level -> Quoted.of(batch.level(level)))
        .collect(Collectors.joining(" + "));
  }
}
