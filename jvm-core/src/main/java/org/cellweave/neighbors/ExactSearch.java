package org.cellweave.neighbors;

import org.cellweave.util.Progress;

/** The exact search that suits a metric; all give the same lists, ties by index. */
final class ExactSearch {
  private ExactSearch() {}

  /**
   * @param queries the base itself when cells are not to be their own neighbours
   * @param indices filled with {@code k} rows of the base for every query, nearest first
   * @param distances filled with their distances
   */
  static void run(
      PointSet queries,
      PointSet base,
      int k,
      int[] indices,
      double[] distances,
      Progress progress) {
    if (queries == base && isPaired(base)) {
      PairedSearch.within(Blocks.of(base), null, k, indices, distances, progress);
    } else if (base.metric.isVectorised()) {
      new BlockedSearch(queries, base, k, indices, distances, progress).run();
    } else if (base.metric == Metric.MANHATTAN) {
      new ManhattanSearch(queries, base, k, indices, distances, progress).run();
    } else {
      new AllPairsSearch(queries, base, k, indices, distances, progress).run();
    }
  }

  /** Whether a search of points in themselves computes every distance once. */
  static boolean isPaired(PointSet points) {
    return points.metric.isVectorised() && points.dense;
  }
}
