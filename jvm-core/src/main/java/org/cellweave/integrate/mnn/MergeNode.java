package org.cellweave.integrate.mnn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One batch, or several that were merged.
 *
 * @param id of the node, as {@link org.cellweave.integrate.MergeOrder} numbers them
 * @param cells rows of the whole, batch after batch in the order of merges
 * @param searched those of them that may be neighbours of others, in the same order
 * @param levels the batches below, in the order of merges
 * @param vectors directions between batches that were taken out by merges below
 */
record MergeNode(int id, int[] cells, int[] searched, int[] levels, List<double[]> vectors) {

  /**
   * @param vector of this merge; null for none
   */
  static MergeNode joined(int id, MergeNode left, MergeNode right, double[] vector) {
    List<double[]> vectors = new ArrayList<>(left.vectors);
    vectors.addAll(right.vectors);
    if (vector != null) {
      vectors.add(vector);
    }
    return new MergeNode(
        id,
        both(left.cells, right.cells),
        both(left.searched, right.searched),
        both(left.levels, right.levels),
        List.copyOf(vectors));
  }

  private static int[] both(int[] a, int[] b) {
    return IntStream.concat(IntStream.of(a), IntStream.of(b)).toArray();
  }
}
