package org.cellweave.neighbors;

import java.util.concurrent.atomic.AtomicInteger;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/** Exact search that looks at every pair of cells, in float64; cost {@code n^2 d}. */
final class PairwiseSearch {
  private static final int QUERIES = 64;

  private final PointSet points;
  private final int k;
  private final int[] indices;
  private final double[] distances;
  private final Progress progress;

  PairwiseSearch(PointSet points, int k, int[] indices, double[] distances, Progress progress) {
    this.points = points;
    this.k = k;
    this.indices = indices;
    this.distances = distances;
    this.progress = progress;
  }

  void run() {
    int nBlocks = Parallel.nBlocks(points.n, QUERIES);
    var done = new AtomicInteger();
    Parallel.forBlocks(
        nBlocks,
        block -> {
          search(block * QUERIES, Math.min(points.n, (block + 1) * QUERIES));
          progress.step("neighbors", done.incrementAndGet(), nBlocks, Double.NaN);
        });
  }

  private void search(int from, int to) {
    double[][] own = new double[to - from][points.d];
    var lists = new NearestList[to - from];
    for (int q = 0; q < lists.length; q++) {
      points.readForDistance(from + q, own[q]);
      lists[q] = new NearestList(indices, distances, from + q, k);
    }
    double[] other = new double[points.d];
    for (int j = 0; j < points.n; j++) {
      points.readForDistance(j, other);
      for (int q = 0; q < lists.length; q++) {
        if (from + q != j) {
          lists[q].offer(points.distance(own[q], other, j), j);
        }
      }
    }
  }
}
