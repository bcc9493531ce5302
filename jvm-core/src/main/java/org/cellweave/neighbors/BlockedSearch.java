package org.cellweave.neighbors;

import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Exact search: float32 products on fixed blocks propose somewhat more candidates than wanted,
 * float64 distances order them, and a bound on the rounding error proves that none was missed; a
 * row without that proof is searched in float64.
 */
final class BlockedSearch {
  private static final int QUERIES = 512;
  private static final int BASE = 2048;
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
  }

  void run() {
    int nBlocks = Parallel.nBlocks(m, QUERIES);
    var done = new AtomicInteger();
    if (base.metric == Metric.MANHATTAN) {
      Parallel.forBlocks(
          nBlocks,
          block -> {
            manhattan(block * QUERIES, Math.min(m, (block + 1) * QUERIES));
            progress.step("neighbors", done.incrementAndGet(), nBlocks, Double.NaN);
          });
      return;
    }
    try (FloatPointer packed = base.dense ? packAll() : null) {
      Parallel.forBlocks(
          nBlocks,
          block -> {
            products(packed, block * QUERIES, Math.min(m, (block + 1) * QUERIES));
            progress.step("neighbors", done.incrementAndGet(), nBlocks, Double.NaN);
          });
    }
  }

  /** All rows as {@code [x, -|x|^2 / 2]}: one product then ranks by distance. */
  private FloatPointer packAll() {
    var all = NativeMemory.floats((long) n * (d + 1));
    Parallel.forRange(
        n,
        BASE,
        (from, to) -> {
          float[] rows = new float[(to - from) * (d + 1)];
          pack(base, from, to, rows, false);
          all.getPointer((long) from * (d + 1)).put(rows, 0, rows.length);
        });
    return all;
  }

  private void pack(PointSet points, int from, int to, float[] out, boolean query) {
    double[] row = new double[d];
    int at = 0;
    for (int i = from; i < to; i++) {
      points.read(i, row);
      double norm = 0;
      for (int j = 0; j < d; j++) {
        out[at++] = (float) row[j];
        norm += row[j] * row[j];
      }
      out[at++] = query ? 1 : (float) (-norm / 2);
    }
  }

  private void products(FloatPointer packed, int from, int to) {
    int width = d + 1;
    int rows = to - from;
    var heaps = new NearestHeap[rows];
    int wanted = itself ? k - 1 : k;
    int capacity = Math.min(others(), wanted + Math.max(MARGIN, k / 2));
    for (int q = 0; q < rows; q++) {
      heaps[q] = new NearestHeap(capacity);
    }
    float[] queryRows = new float[rows * width];
    pack(queries, from, to, queryRows, true);
    float[] scores = new float[BASE];
    float[] baseRows = packed == null ? new float[BASE * width] : null;
    try (var query = NativeMemory.floats((long) rows * width);
        var tile = packed == null ? NativeMemory.floats((long) BASE * width) : null;
        var c = NativeMemory.floats((long) rows * BASE)) {
      query.put(queryRows, 0, queryRows.length);
      for (int first = 0; first < n; first += BASE) {
        int end = Math.min(n, first + BASE);
        int cols = end - first;
        FloatPointer part = tile;
        if (packed == null) {
          pack(base, first, end, baseRows, false);
          tile.put(baseRows, 0, cols * width);
        } else {
          part = packed.getPointer((long) first * width);
        }
        Blas.gemmNt(rows, cols, width, query, width, part, width, c);
        for (int q = 0; q < rows; q++) {
          c.getPointer((long) q * cols).get(scores, 0, cols);
          scan(scores, cols, first, itself ? from + q : -1, heaps[q]);
        }
      }
    }
    double[] self = new double[d];
    double[] other = new double[d];
    for (int q = 0; q < rows; q++) {
      finish(from + q, heaps[q], self, other);
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

  private static void scan(float[] scores, int count, int first, int self, NearestHeap heap) {
    float threshold = heap.threshold;
    for (int j = 0; j < count; j++) {
      if (scores[j] > threshold && first + j != self) {
        heap.offer(scores[j], first + j);
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

  private void manhattan(int from, int to) {
    double[] rows = new double[BASE * d];
    double[] row = new double[d];
    var own = new double[to - from][d];
    var lists = new NearestList[to - from];
    for (int q = 0; q < lists.length; q++) {
      queries.read(from + q, own[q]);
      lists[q] = list(from + q);
    }
    for (int first = 0; first < n; first += BASE) {
      int count = Math.min(n - first, BASE);
      for (int j = 0; j < count; j++) {
        base.read(first + j, row);
        System.arraycopy(row, 0, rows, j * d, d);
      }
      for (int q = 0; q < lists.length; q++) {
        scanManhattan(own[q], rows, count, first, itself ? from + q : -1, lists[q]);
      }
    }
  }

  private void scanManhattan(
      double[] query, double[] rows, int count, int first, int self, NearestList list) {
    for (int j = 0; j < count; j++) {
      if (first + j == self) {
        continue;
      }
      double worst = list.worst();
      double sum = 0;
      int at = j * d;
      int t = 0;
      while (t < d && sum <= worst) {
        for (int end = Math.min(d, t + 8); t < end; t++) {
          sum += Math.abs(query[t] - rows[at + t]);
        }
      }
      if (t == d) {
        list.offer(sum, first + j);
      }
    }
  }
}
