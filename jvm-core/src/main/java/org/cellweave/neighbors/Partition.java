package org.cellweave.neighbors;

import java.util.Arrays;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.util.Parallel;

/**
 * Points in groups of near ones, each cut into tiles with a centre and a radius: by the triangle
 * inequality no point of a tile is nearer to a query than the query's distance from the centre less
 * the radius, so that exact searches leave out tiles that lie too far away.
 *
 * <p>What is found does not depend on the groups, only the time it takes does; so they come from
 * evenly spread rows in one pass. Cost {@code n d} times the number of groups.
 */
final class Partition {
  private static final int ROWS_PER_GROUP = 256;
  private static final int MOST_GROUPS = 256;
  private static final int LEAST_ROWS = 1024;
  private static final int ROWS_PER_TILE = 512;
  private static final int BLOCK = 512;

  /** Rows, group after group. */
  final int[] order;

  /** Where the tiles begin in {@link #order}, and its length. */
  final int[] starts;

  private final PointSet points;
  private final int[] seeds;
  private final double[][] centres;
  private final double[] radius;

  private Partition(PointSet points) {
    this.points = points;
    this.seeds = seeds(points.n);
    int[] groups = nearestSeeds(points);
    this.order = byGroup(groups, seeds.length);
    this.starts = tiles(groups);
    this.centres = new double[nTiles()][];
    this.radius = new double[nTiles()];
    Parallel.forBlocks(nTiles(), this::measure);
  }

  static Partition of(PointSet points) {
    return new Partition(points);
  }

  int nTiles() {
    return starts.length - 1;
  }

  int size(int tile) {
    return starts[tile + 1] - starts[tile];
  }

  int largest() {
    int most = 0;
    for (int t = 0; t < nTiles(); t++) {
      most = Math.max(most, size(t));
    }
    return most;
  }

  /** Other points, those near the same group beside each other. */
  int[] orderOf(PointSet queries) {
    return queries == points ? order : byGroup(nearestSeeds(queries), seeds.length);
  }

  /** Below what no point of each tile can lie; {@code at} is a transformed row. */
  void nearest(double[] at, double[] bound) {
    for (int t = 0; t < bound.length; t++) {
      bound[t] = gap(at, centres[t]) - radius[t];
    }
  }

  /** Of a sparse or small set there is one group: rows stay in order. */
  private int[] seeds(int n) {
    int count = points.dense && n >= LEAST_ROWS ? Math.min(MOST_GROUPS, n / ROWS_PER_GROUP) : 1;
    int[] out = new int[count];
    Arrays.setAll(out, s -> (int) ((2L * s + 1) * n / (2L * count)));
    return out;
  }

  private int[] nearestSeeds(PointSet from) {
    int[] out = new int[from.n];
    if (seeds.length == 1) {
      return out;
    }
    int width = points.d + 1;
    float[] rows = new float[seeds.length * width];
    for (int s = 0; s < seeds.length; s++) {
      points.pack(seeds, s, s + 1, rows, s * width, false);
    }
    try (var all = NativeMemory.floats((long) seeds.length * width)) {
      all.put(rows, 0, rows.length);
      Parallel.forRange(
          from.n,
          BLOCK,
          (first, end) -> {
            int count = end - first;
            float[] own = new float[count * width];
            from.pack(null, first, end, own, 0, true);
            float[] scores = new float[count * seeds.length];
            try (var query = NativeMemory.floats((long) own.length);
                var c = NativeMemory.floats((long) scores.length)) {
              query.put(own, 0, own.length);
              Blas.gemmNt(count, seeds.length, width, query, width, all, width, c);
              c.get(scores, 0, scores.length);
            }
            for (int q = 0; q < count; q++) {
              out[first + q] = largest(scores, q * seeds.length, seeds.length);
            }
          });
    }
    return out;
  }

  private static int largest(float[] scores, int from, int n) {
    int best = 0;
    for (int s = 1; s < n; s++) {
      best = scores[from + s] > scores[from + best] ? s : best;
    }
    return best;
  }

  private static int[] byGroup(int[] groups, int nGroups) {
    int[] next = new int[nGroups + 1];
    for (int g : groups) {
      next[g + 1]++;
    }
    for (int g = 0; g < nGroups; g++) {
      next[g + 1] += next[g];
    }
    int[] out = new int[groups.length];
    for (int i = 0; i < groups.length; i++) {
      out[next[groups[i]]++] = i;
    }
    return out;
  }

  private int[] tiles(int[] groups) {
    int[] out = new int[order.length + 1];
    int count = 0;
    for (int p = 1; p <= order.length; p++) {
      boolean full = p - out[count] == ROWS_PER_TILE;
      if (p == order.length || full || groups[order[p]] != groups[order[p - 1]]) {
        out[++count] = p;
      }
    }
    return Arrays.copyOf(out, count + 1);
  }

  private void measure(int tile) {
    double[] row = new double[points.d];
    double[] centre = new double[points.d];
    for (int p = starts[tile]; p < starts[tile + 1]; p++) {
      points.read(order[p], row);
      for (int j = 0; j < row.length; j++) {
        centre[j] += row[j] / size(tile);
      }
    }
    double most = 0;
    for (int p = starts[tile]; p < starts[tile + 1]; p++) {
      points.read(order[p], row);
      most = Math.max(most, gap(row, centre));
    }
    centres[tile] = centre;
    // a little more than rounding
    radius[tile] = most * (1 + 1e-9);
  }

  private double gap(double[] a, double[] b) {
    double sum = 0;
    if (points.metric == Metric.MANHATTAN) {
      for (int j = 0; j < a.length; j++) {
        sum += Math.abs(a[j] - b[j]);
      }
      return sum;
    }
    for (int j = 0; j < a.length; j++) {
      double diff = a[j] - b[j];
      sum += diff * diff;
    }
    return Math.sqrt(sum);
  }
}
