package org.cellweave.neighbors;

import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.internal.Ordering;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Exact search of queries in a base: float32 products on fixed blocks propose somewhat more
 * candidates than wanted, which {@link ProvenLists} orders and proves. Tiles of the base that lie
 * too far away are left out.
 */
final class BlockedSearch {
  private static final int QUERIES = 512;

  private final PointSet queries;
  private final PointSet base;
  private final boolean itself;
  private final int m;
  private final int k;
  private final int width;
  private final int[] indices;
  private final double[] distances;
  private final Progress progress;
  private final Partition partition;

  /**
   * @param queries the base itself when cells are not to be their own neighbours
   */
  BlockedSearch(
      PointSet queries,
      PointSet base,
      int k,
      int[] indices,
      double[] distances,
      Progress progress) {
    this.queries = queries;
    this.base = base;
    this.itself = queries == base;
    this.m = queries.n;
    this.k = k;
    this.width = base.packedWidth();
    this.indices = indices;
    this.distances = distances;
    this.progress = progress;
    this.partition = Partition.of(base);
  }

  void run() {
    int nBlocks = Parallel.nBlocks(m, QUERIES);
    var done = new AtomicInteger();
    int[] order = partition.orderOf(queries);
    try (FloatPointer packed = base.dense ? base.packed(partition.order, false) : null) {
      Parallel.forBlocks(
          nBlocks,
          block -> {
            search(packed, order, block * QUERIES, Math.min(m, (block + 1) * QUERIES));
            progress.step("neighbors", done.incrementAndGet(), nBlocks, Double.NaN);
          });
    }
  }

  private void search(FloatPointer packed, int[] order, int from, int to) {
    int rows = to - from;
    int largest = partition.largest();
    float[] baseRows = packed == null ? new float[largest * width] : null;
    try (var query = NativeMemory.floats((long) rows * width);
        var tile = packed == null ? NativeMemory.floats((long) largest * width) : null;
        var scores = new ScoreTile(width, largest)) {
      var block = new Queries(order, from, to, query);
      for (int t : block.visits()) {
        if (!block.needs(t)) {
          continue;
        }
        int first = partition.starts[t];
        int cols = partition.size(t);
        FloatPointer part = tile;
        if (packed == null) {
          base.pack(partition.order, first, first + cols, baseRows, 0, false);
          tile.put(baseRows, 0, cols * width);
        } else {
          part = packed.getPointer((long) first * width);
        }
        var others = new ScoreTile.Lists(null, partition.order, first, cols, 0, 0);
        scores.search(query, part, block.lists, others, false, itself);
      }
      block.finish();
    }
  }

  /** Some queries with their candidates, and how near each tile can come. */
  private final class Queries {
    private final int[] order;
    private final int from;
    private final int rows;
    private final Candidates found;
    private final ScoreTile.Lists lists;

    /** By row, then tile. */
    private final float[] bounds;

    Queries(int[] order, int from, int to, FloatPointer packed) {
      this.order = order;
      this.from = from;
      this.rows = to - from;
      found = Candidates.proving(rows, itself ? k - 1 : k);
      lists = new ScoreTile.Lists(found, order, from, rows, 1, -from);
      float[] values = new float[rows * width];
      queries.pack(order, from, to, values, 0, true);
      packed.put(values, 0, values.length);
      double[] norms = new double[rows];
      for (int q = 0; q < rows; q++) {
        norms[q] = Math.sqrt(2.0 * values[q * width + width - 2]);
      }
      bounds = partition.nearest(packed, norms);
    }

    /** Tiles, the nearest first. */
    int[] visits() {
      double[] total = new double[partition.nTiles()];
      for (int q = 0; q < rows; q++) {
        for (int t = 0; t < total.length; t++) {
          total[t] += bounds[q * total.length + t];
        }
      }
      return Ordering.ascending(total);
    }

    boolean needs(int tile) {
      for (int q = 0; q < rows; q++) {
        if (!isFar(q, tile)) {
          return true;
        }
      }
      return false;
    }

    /** Whether half the squared distance of every row of the tile is above the threshold. */
    private boolean isFar(int q, int tile) {
      double bound = bounds[q * partition.nTiles() + tile];
      return bound > 0 && bound * bound / 2 > Float.intBitsToFloat(found.threshold(q));
    }

    void finish() {
      var proven = new ProvenLists(queries, base);
      for (int q = 0; q < rows; q++) {
        int i = order[from + q];
        var list =
            itself
                ? NearestList.afterItself(indices, distances, i, k)
                : NearestList.of(indices, distances, i, k);
        proven.fill(i, found, q, null, itself ? i : -1, list);
      }
    }
  }
}
