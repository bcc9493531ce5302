package org.cellweave.neighbors;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/**
 * Points in blocks of one kind each, near ones beside each other, with the centre and the radius of
 * every block. As with {@link Partition}, what is found does not depend on the blocks.
 */
final class Blocks {
  private static final int ROWS = 512;

  /** Rows of a block before the next group begins another. */
  private static final int LEAST = 64;

  /** Rows of a set in one group, about, where sets are of one size. */
  private static final int ROWS_OF_GROUP = 160;

  private static final int MOST_GROUPS = 256;

  final PointSet points;
  final int nKinds;

  /** Rows, block after block. */
  final int[] order;

  /** Where the blocks begin in {@link #order}, and its length. */
  final int[] starts;

  /** Kind of every block. */
  final int[] kinds;

  private final int nBlocks;
  private final Ball[] balls;

  /**
   * @param groups of the points, near ones in one
   * @param least rows of a block before the next group begins another
   */
  private Blocks(PointSet points, int[] kindOf, int nKinds, int[] groups, int least) {
    this.points = points;
    this.nKinds = nKinds;
    int nGroups = Arrays.stream(groups).max().orElse(0) + 1;
    int[] both = new int[groups.length];
    Arrays.setAll(both, i -> kindOf[i] * nGroups + groups[i]);
    this.order = Partition.byGroup(both, nKinds * nGroups);
    int[] begins = new int[order.length + 1];
    int[] kindOfBlock = new int[begins.length];
    int count = 0;
    for (int p = 0; p < order.length; p++) {
      int kind = kindOf[order[p]];
      int size = count == 0 ? 0 : p - begins[count - 1];
      boolean other = p > 0 && groups[order[p]] != groups[order[p - 1]];
      if (p == 0 || size == ROWS || kind != kindOfBlock[count - 1] || (other && size >= least)) {
        kindOfBlock[count] = kind;
        begins[count++] = p;
      }
    }
    begins[count] = order.length;
    this.starts = Arrays.copyOf(begins, count + 1);
    this.kinds = Arrays.copyOf(kindOfBlock, count);
    this.nBlocks = count;
    this.balls = new Ball[count];
    Parallel.forBlocks(count, b -> balls[b] = Ball.around(points, order, starts[b], starts[b + 1]));
  }

  private static int[] chained(PointSet points) {
    int[] seeds = Partition.seeds(points);
    int[] place = places(points, seeds);
    int[] groups = Partition.nearestSeeds(points, seeds, points);
    Arrays.setAll(groups, i -> place[groups[i]]);
    return groups;
  }

  static Blocks of(PointSet points) {
    return of(points, new int[points.n], 1);
  }

  /**
   * @param kindOf every point
   */
  static Blocks of(PointSet points, int[] kindOf, int nKinds) {
    return new Blocks(points, kindOf, nKinds, chained(points), ROWS);
  }

  /**
   * As the other, in groups about centroids, of which each begins blocks of its own.
   *
   * @param count of the centroids
   */
  static Blocks about(PointSet points, int[] kindOf, int nKinds, int count) {
    float[] centroids = Centroids.of(points, count, 0);
    int[] groups = NearestRow.of(centroids, points, null);
    return new Blocks(points, kindOf, nKinds, groups, LEAST);
  }

  /**
   * As {@link #about}, of sets that lie one after another: a block's kind is its set, and blocks
   * lie in the order of the sets.
   *
   * @param starts first point of each set, and the number of points
   */
  static Blocks ofSets(PointSet points, int[] starts) {
    int nSets = starts.length - 1;
    int[] setOf = new int[starts[nSets]];
    for (int set = 0; set < nSets; set++) {
      Arrays.fill(setOf, starts[set], starts[set + 1], set);
    }
    int groups = Math.max(1, Math.min(MOST_GROUPS, setOf.length / (nSets * ROWS_OF_GROUP)));
    return about(points, setOf, nSets, groups);
  }

  int count() {
    return nBlocks;
  }

  int size(int block) {
    return starts[block + 1] - starts[block];
  }

  /** Below what no point of one block lies from any of the other; may be negative. */
  double gap(int block, Blocks others, int other) {
    return between(block, others, other) - balls[block].radius() - others.balls[other].radius();
  }

  /** The distance of the centres. */
  double between(int block, Blocks others, int other) {
    return Ball.gap(points.metric, balls[block].centre(), others.balls[other].centre());
  }

  /** Groups in a chain from each to the nearest that is left, so that blocks hold near ones. */
  private static int[] places(PointSet points, int[] seeds) {
    double[][] rows = new double[seeds.length][points.d];
    for (int s = 0; s < seeds.length; s++) {
      points.read(seeds[s], rows[s]);
    }
    int[] place = new int[seeds.length];
    boolean[] taken = new boolean[seeds.length];
    int at = 0;
    for (int p = 0; p < seeds.length; p++) {
      taken[at] = true;
      place[at] = p;
      int next = at;
      double least = Double.POSITIVE_INFINITY;
      for (int s = 0; s < seeds.length; s++) {
        double gap =
            taken[s] ? Double.POSITIVE_INFINITY : Ball.gap(points.metric, rows[at], rows[s]);
        if (gap < least) {
          least = gap;
          next = s;
        }
      }
      at = next == at ? firstLeft(taken) : next;
    }
    return place;
  }

  private static int firstLeft(boolean[] taken) {
    int at = 0;
    while (at < taken.length - 1 && taken[at]) {
      at++;
    }
    return at;
  }
}
