package org.cellweave.neighbors;

import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.internal.Ordering;
import org.cellweave.linalg.Blas;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Exact search: float32 products on fixed blocks propose somewhat more candidates than wanted,
 * float64 distances order them, and a bound on the rounding error proves that none was missed; a
 * row without that proof is searched in float64. Tiles of the base that lie too far away are left
 * out.
 */
final class BlockedSearch {
  private static final int QUERIES = 512;
  private static final int MARGIN = 8;
  private static final double HALF_ULP = 0x1p-24;

  private final PointSet queries;
  private final PointSet base;
  private final boolean itself;
  private final int m;
  private final int n;
  private final int d;
  private final int k;
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
    this.n = base.n;
    this.d = base.d;
    this.k = k;
    this.indices = indices;
    this.distances = distances;
    this.progress = progress;
    this.partition = Partition.of(base);
  }

  void run() {
    int nBlocks = Parallel.nBlocks(m, QUERIES);
    var done = new AtomicInteger();
    int[] order = partition.orderOf(queries);
    try (FloatPointer packed = base.dense ? packAll() : null) {
      Parallel.forBlocks(
          nBlocks,
          block -> {
            products(packed, order, block * QUERIES, Math.min(m, (block + 1) * QUERIES));
            progress.step("neighbors", done.incrementAndGet(), nBlocks, Double.NaN);
          });
    }
  }

  /** All rows, tile after tile, as {@code [x, -|x|^2 / 2]}: one product then ranks by distance. */
  private FloatPointer packAll() {
    var all = NativeMemory.floats((long) n * (d + 1));
    Parallel.forBlocks(
        partition.nTiles(),
        tile -> {
          float[] rows = new float[partition.size(tile) * (d + 1)];
          base.pack(
              partition.order, partition.starts[tile], partition.starts[tile + 1], rows, 0, false);
          all.getPointer((long) partition.starts[tile] * (d + 1)).put(rows, 0, rows.length);
        });
    return all;
  }

  private void products(FloatPointer packed, int[] order, int from, int to) {
    var block = new Queries(order, from, to);
    int width = d + 1;
    int rows = to - from;
    int largest = partition.largest();
    float[] queryRows = new float[rows * width];
    queries.pack(order, from, to, queryRows, 0, true);
    float[] scores = new float[largest];
    float[] baseRows = packed == null ? new float[largest * width] : null;
    try (var query = NativeMemory.floats((long) rows * width);
        var tile = packed == null ? NativeMemory.floats((long) largest * width) : null;
        var c = NativeMemory.floats((long) rows * largest)) {
      query.put(queryRows, 0, queryRows.length);
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
        Blas.gemmNt(rows, cols, width, query, width, part, width, c);
        for (int q = 0; q < rows; q++) {
          if (!block.isFar(q, t)) {
            c.getPointer((long) q * cols).get(scores, 0, cols);
            scan(scores, cols, first, itself ? order[from + q] : -1, block.heaps[q]);
          }
        }
      }
    }
    double[] self = new double[d];
    double[] other = new double[d];
    for (int q = 0; q < rows; q++) {
      finish(order[from + q], block.heaps[q], self, other);
    }
  }

  /** Some queries with their candidates, and how near each tile can come. */
  private final class Queries {
    private final NearestHeap[] heaps;
    private final double[][] bounds;
    private final double[] norms;

    Queries(int[] order, int from, int to) {
      int rows = to - from;
      heaps = new NearestHeap[rows];
      bounds = new double[rows][partition.nTiles()];
      norms = new double[rows];
      int wanted = itself ? k - 1 : k;
      int capacity = Math.min(others(), wanted + Math.max(MARGIN, k / 2));
      double[] row = new double[d];
      for (int q = 0; q < rows; q++) {
        heaps[q] = new NearestHeap(capacity);
        queries.read(order[from + q], row);
        partition.nearest(row, bounds[q]);
        for (double v : row) {
          norms[q] += v * v;
        }
      }
    }

    /** Tiles, the nearest first. */
    int[] visits() {
      double[] total = new double[partition.nTiles()];
      for (double[] bound : bounds) {
        for (int t = 0; t < total.length; t++) {
          total[t] += bound[t];
        }
      }
      return Ordering.ascending(total);
    }

    boolean needs(int tile) {
      for (int q = 0; q < heaps.length; q++) {
        if (!isFar(q, tile)) {
          return true;
        }
      }
      return false;
    }

    /** Whether the score of every row of the tile is below the threshold, by the exact scores. */
    boolean isFar(int q, int tile) {
      double bound = bounds[q][tile];
      return bound > 0
          && bound * bound * (1 - 1e-9) > norms[q] * (1 + 1e-9) - 2.0 * heaps[q].threshold;
    }
  }

  /** How many cells of the base may be neighbours of a query. */
  private int others() {
    return itself ? n - 1 : n;
  }

  private NearestList list(int query) {
    return itself
        ? NearestList.afterItself(indices, distances, query, k)
        : NearestList.of(indices, distances, query, k);
  }

  private void scan(float[] scores, int count, int first, int self, NearestHeap heap) {
    float threshold = heap.threshold;
    for (int j = 0; j < count; j++) {
      if (scores[j] > threshold && partition.order[first + j] != self) {
        heap.offer(scores[j], partition.order[first + j]);
        threshold = heap.threshold;
      }
    }
  }

  private void finish(int i, NearestHeap heap, double[] self, double[] other) {
    queries.readForDistance(i, self);
    var list = list(i);
    for (int c = 0; c < heap.size; c++) {
      base.readForDistance(heap.ids[c], other);
      list.offer(base.distance(self, other), heap.ids[c]);
    }
    if (heap.size < others() && !isProven(i, heap, list.worst(), other)) {
      list.clear();
      for (int j = 0; j < n; j++) {
        if (!itself || j != i) {
          base.readForDistance(j, other);
          list.offer(base.distance(self, other), j);
        }
      }
    }
  }

  /**
   * Whether every row within the worst kept distance must have been a candidate. Such a row is no
   * longer than {@code reach}, which bounds the error of its score.
   */
  private boolean isProven(int i, NearestHeap heap, double worst, double[] scratch) {
    queries.read(i, scratch);
    double norm2 = 0;
    for (double v : scratch) {
      norm2 += v * v;
    }
    double norm = Math.sqrt(norm2);
    double length = base.length(worst);
    double reach = norm + length;
    double error = (Math.sqrt(d) + 4) * 2 * HALF_ULP * (norm * reach + reach * reach / 2);
    return (norm2 - length * length) / 2 - error > heap.threshold;
  }
}
