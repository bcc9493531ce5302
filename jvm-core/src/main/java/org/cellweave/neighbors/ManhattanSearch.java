package org.cellweave.neighbors;

import java.util.concurrent.atomic.AtomicInteger;
import org.cellweave.internal.Ordering;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Exact search by sums of absolute differences: float32 sums over the columns of a tile, given up
 * once no row of it can be among the nearest, leave a few candidates, whose distances are float64.
 *
 * <p>A float32 sum counts as too large only beyond a bound on its rounding error, so that nothing
 * is missed. Cost {@code m n d} at most; of clustered cells a small part of that.
 */
final class ManhattanSearch {
  private static final int QUERIES = 256;
  private static final int STAGE = 16;

  /** Sums of absolute values up to here cannot overflow float32. */
  private static final double LARGEST = 1e30;

  private final PointSet queries;
  private final PointSet base;
  private final boolean itself;
  private final int d;
  private final int k;
  private final int[] indices;
  private final double[] distances;
  private final Progress progress;
  private final Partition partition;

  /** Every tile column after column. */
  private final float[][] tiles;

  /** Largest sum of absolute values of a row of each tile. */
  private final double[] longest;

  /**
   * @param queries the base itself when cells are not to be their own neighbours
   */
  ManhattanSearch(
      PointSet queries,
      PointSet base,
      int k,
      int[] indices,
      double[] distances,
      Progress progress) {
    this.queries = queries;
    this.base = base;
    this.itself = queries == base;
    this.d = base.d;
    this.k = k;
    this.indices = indices;
    this.distances = distances;
    this.progress = progress;
    this.partition = Partition.of(base);
    this.tiles = new float[partition.nTiles()][];
    this.longest = new double[partition.nTiles()];
  }

  void run() {
    Parallel.forBlocks(tiles.length, this::fill);
    int[] order = partition.orderOf(queries);
    int nBlocks = Parallel.nBlocks(order.length, QUERIES);
    var done = new AtomicInteger();
    Parallel.forBlocks(
        nBlocks,
        block -> {
          search(order, block * QUERIES, Math.min(order.length, (block + 1) * QUERIES));
          progress.step("neighbors", done.incrementAndGet(), nBlocks, Double.NaN);
        });
  }

  private void fill(int tile) {
    int size = partition.size(tile);
    float[] columns = new float[Math.multiplyExact(size, d)];
    double[] row = new double[d];
    for (int c = 0; c < size; c++) {
      base.read(partition.order[partition.starts[tile] + c], row);
      for (int t = 0; t < d; t++) {
        columns[t * size + c] = (float) row[t];
      }
      longest[tile] = Math.max(longest[tile], length(row));
    }
    tiles[tile] = columns;
  }

  private static double length(double[] row) {
    double sum = 0;
    for (double v : row) {
      sum += Math.abs(v);
    }
    return sum;
  }

  private void search(int[] order, int from, int to) {
    int rows = to - from;
    double[][] own = new double[rows][d];
    double[][] bounds = new double[rows][tiles.length];
    double[] total = new double[tiles.length];
    var lists = new NearestList[rows];
    for (int q = 0; q < rows; q++) {
      int i = order[from + q];
      queries.read(i, own[q]);
      partition.nearest(own[q], bounds[q]);
      for (int t = 0; t < total.length; t++) {
        total[t] += bounds[q][t];
      }
      lists[q] =
          itself
              ? NearestList.afterItself(indices, distances, i, k)
              : NearestList.of(indices, distances, i, k);
    }
    float[] sums = new float[partition.largest()];
    double[] other = new double[d];
    for (int t : Ordering.ascending(total)) {
      for (int q = 0; q < rows; q++) {
        if (!(bounds[q][t] > lists[q].worst())) {
          scan(own[q], t, itself ? order[from + q] : -1, lists[q], sums, other);
        }
      }
    }
  }

  private void scan(
      double[] query, int tile, int self, NearestList list, float[] sums, double[] other) {
    int size = partition.size(tile);
    double reach = length(query) + longest[tile];
    float limit =
        reach < LARGEST
            ? Math.nextUp((float) (list.worst() + (d + 4) * 0x1p-22 * reach))
            : Float.POSITIVE_INFINITY;
    float[] columns = tiles[tile];
    java.util.Arrays.fill(sums, 0, size, 0);
    int t = 0;
    while (t < d && limit < Float.POSITIVE_INFINITY) {
      int end = Math.min(d, t + STAGE);
      for (; t + 4 <= end; t += 4) {
        addFour(query, columns, t, size, sums);
      }
      for (; t < end; t++) {
        addOne((float) query[t], columns, t * size, size, sums);
      }
      int left = within(sums, size, limit);
      if (left == 0) {
        return;
      }
      if (left * 16 < size) {
        break;
      }
    }
    int first = partition.starts[tile];
    for (int c = 0; c < size; c++) {
      // NaN counts as near: it is for float64 to say
      if (!(sums[c] > limit)) {
        offer(query, partition.order[first + c], self, list, other);
      }
    }
  }

  private static void addFour(double[] query, float[] columns, int t, int size, float[] sums) {
    float a = (float) query[t];
    float b = (float) query[t + 1];
    float c = (float) query[t + 2];
    float e = (float) query[t + 3];
    int at = t * size;
    int second = at + size;
    int third = second + size;
    int fourth = third + size;
    for (int i = 0; i < size; i++) {
      sums[i] +=
          Math.abs(a - columns[at + i])
              + Math.abs(b - columns[second + i])
              + Math.abs(c - columns[third + i])
              + Math.abs(e - columns[fourth + i]);
    }
  }

  private static void addOne(float a, float[] columns, int at, int size, float[] sums) {
    for (int i = 0; i < size; i++) {
      sums[i] += Math.abs(a - columns[at + i]);
    }
  }

  private static int within(float[] sums, int size, float limit) {
    int n = 0;
    for (int i = 0; i < size; i++) {
      n += sums[i] > limit ? 0 : 1;
    }
    return n;
  }

  private void offer(double[] query, int id, int self, NearestList list, double[] other) {
    if (id == self) {
      return;
    }
    base.read(id, other);
    double worst = list.worst();
    double sum = 0;
    int t = 0;
    while (t < d && sum <= worst) {
      for (int end = Math.min(d, t + 8); t < end; t++) {
        sum += Math.abs(query[t] - other[t]);
      }
    }
    if (t == d) {
      list.offer(sum, id);
    }
  }
}
