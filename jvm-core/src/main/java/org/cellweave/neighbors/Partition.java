package org.cellweave.neighbors;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.linalg.OrthonormalBasis;
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

  /** Of a bound that is held as float32. */
  private static final double ROUNDING = 1e-6;

  /** Rows, group after group. */
  final int[] order;

  /** Where the tiles begin in {@link #order}, and its length. */
  final int[] starts;

  private final PointSet points;
  private final int[] seeds;
  private final Ball[] balls;

  /** Length of every centre, and all of them packed as others. */
  private final double[] lengths;

  private final float[] packedCentres;

  private Partition(PointSet points) {
    this.points = points;
    this.seeds = seeds(points);
    int[] groups = nearestSeeds(points, seeds, points);
    this.order = byGroup(groups, seeds.length);
    this.starts = tiles(groups);
    this.balls = new Ball[nTiles()];
    this.lengths = new double[nTiles()];
    this.packedCentres = new float[nTiles() * points.packedWidth()];
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
    return queries == points ? order : byGroup(nearestSeeds(points, seeds, queries), seeds.length);
  }

  /** Below what no point of each tile can lie; {@code at} is a transformed row. */
  void nearest(double[] at, double[] bound) {
    for (int t = 0; t < bound.length; t++) {
      bound[t] = Ball.gap(points.metric, at, balls[t].centre()) - balls[t].radius();
    }
  }

  /**
   * As {@link #nearest(double[], double[])} of many rows at once, by float32 less its error.
   *
   * @param queries packed, as queries
   * @param norms lengths of these rows
   * @return by row, then tile
   */
  float[] nearest(FloatPointer queries, double[] norms) {
    int tiles = nTiles();
    float[] out = new float[norms.length * tiles];
    try (var to = NativeMemory.floats(packedCentres.length);
        var c = NativeMemory.floats((long) out.length)) {
      int width = points.packedWidth();
      to.put(packedCentres, 0, packedCentres.length);
      Blas.gemmNt(norms.length, tiles, width, queries, width, to, width, c);
      c.get(out, 0, out.length);
    }
    for (int q = 0; q < norms.length; q++) {
      for (int t = 0; t < tiles; t++) {
        double half = out[q * tiles + t] - ProvenLists.error(points.d, norms[q], lengths[t]);
        // NaN is near
        double bound = half > 0 ? Math.sqrt(2 * half) - balls[t].radius() : 0;
        out[q * tiles + t] = (float) (bound * (1 - ROUNDING));
      }
    }
    return out;
  }

  /** Rows about which groups form; one of a sparse or small set, whose rows stay in order. */
  static int[] seeds(PointSet points) {
    int n = points.n;
    int count = points.dense && n >= LEAST_ROWS ? Math.min(MOST_GROUPS, n / ROWS_PER_GROUP) : 1;
    int[] out = new int[count];
    Arrays.setAll(out, s -> (int) ((2L * s + 1) * n / (2L * count)));
    return out;
  }

  /** The group of every row of other points, or of the same. */
  static int[] nearestSeeds(PointSet points, int[] seeds, PointSet from) {
    int width = points.packedWidth();
    float[] rows = new float[seeds.length * width];
    points.pack(seeds, 0, seeds.length, rows, 0, false);
    return NearestRow.of(rows, from, null);
  }

  /** Rows, group after group, in order within each. */
  static int[] byGroup(int[] groups, int nGroups) {
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
    balls[tile] = Ball.around(points, order, starts[tile], starts[tile + 1]);
    double[] centre = balls[tile].centre();
    lengths[tile] = OrthonormalBasis.length(centre);
    points.pack(centre, packedCentres, tile * points.packedWidth(), false);
  }
}
