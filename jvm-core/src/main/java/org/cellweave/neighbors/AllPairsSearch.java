package org.cellweave.neighbors;

import java.util.concurrent.atomic.AtomicInteger;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/** Exact search that looks at every pair of query and base, in float64; cost {@code m n d}. */
final class AllPairsSearch {
  private static final int QUERIES = 64;

  private final PointSet queries;
  private final PointSet base;
  private final int k;
  private final int[] indices;
  private final double[] distances;
  private final Progress progress;

  /**
   * @param queries the base itself when cells are not to be their own neighbours
   */
  AllPairsSearch(
      PointSet queries,
      PointSet base,
      int k,
      int[] indices,
      double[] distances,
      Progress progress) {
    this.queries = queries;
    this.base = base;
    this.k = k;
    this.indices = indices;
    this.distances = distances;
    this.progress = progress;
  }

  void run() {
    int nBlocks = Parallel.nBlocks(queries.n, QUERIES);
    var done = new AtomicInteger();
    Parallel.forBlocks(
        nBlocks,
        block -> {
          search(block * QUERIES, Math.min(queries.n, (block + 1) * QUERIES));
          progress.step("neighbors", done.incrementAndGet(), nBlocks, Double.NaN);
        });
  }

  private void search(int from, int to) {
    boolean itself = queries == base;
    double[][] own = new double[to - from][base.d];
    var lists = new NearestList[to - from];
    for (int q = 0; q < lists.length; q++) {
      queries.readForDistance(from + q, own[q]);
      lists[q] =
          itself
              ? NearestList.afterItself(indices, distances, from + q, k)
              : NearestList.of(indices, distances, from + q, k);
    }
    double[] other = new double[base.d];
    for (int j = 0; j < base.n; j++) {
      base.readForDistance(j, other);
      for (int q = 0; q < lists.length; q++) {
        if (!itself || from + q != j) {
          lists[q].offer(base.distance(own[q], other, j), j);
        }
      }
    }
  }
}
