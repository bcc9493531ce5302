package org.cellweave.neighbors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * The search of {@link StackedNeighbors} by squared differences: every two blocks of different sets
 * are multiplied once, which serves the cells of both, and what is nearest by float32 is ordered
 * again.
 *
 * <p>Blocks meet in rounds, as teams of a tournament do, so that in none a block is in two pairs;
 * and lists do not depend on the order of what they are offered.
 */
final class StackedSearch implements AutoCloseable {
  /** Of the true neighbours of some cells, the share that lies in blocks which are compared. */
  private static final double NEAR = 0.995;

  /** Rows whose least keys are found together. */
  private static final int STRIPE = RowMinima.SEGMENTS;

  private static final int PACK = 256;
  private static final int SAMPLE = 128;

  private final float[] x;
  private final int n;
  private final int d;
  private final int[] starts;
  private final int k;
  private final int width;

  private final Blocks blocks;
  private final BlockPairs near;

  /** Some cells, evenly spread, and their true neighbours: of cell c before it, then after it. */
  private final int[] sample;

  private final int[][] truth;

  /** Every row with its coordinates, half their squared length and 1. */
  private final FloatPointer packed;

  private final Shortlists before;
  private final Shortlists after;

  /**
   * @param x float32, rows of {@code d} values one after another
   * @param points the same rows
   * @param starts first row of each set, and the number of rows
   */
  StackedSearch(float[] x, PointSet points, int[] starts, int k) {
    this.x = x;
    this.n = starts[starts.length - 1];
    this.d = points.d;
    this.starts = starts;
    this.k = k;
    this.blocks = Blocks.ofSets(points, starts);
    this.near = new BlockPairs(blocks);
    this.sample = new int[Math.min(n, SAMPLE)];
    Arrays.setAll(sample, c -> (int) ((long) c * n / sample.length));
    this.truth = new int[2 * sample.length][];
    Parallel.forBlocks(truth.length, t -> truth[t] = nearest(sample[t / 2], t % 2 == 1));
    chooseBlocks();
    this.width = d + 2;
    this.packed = NativeMemory.floats((long) n * width);
    int wanted = k + Math.max(16, k / 2);
    this.before = new Shortlists(n, wanted);
    this.after = new Shortlists(n, wanted);
    pack();
  }

  private void chooseBlocks() {
    int[] blockOf = near.ofRows();
    int[] first = new int[truth.length * k];
    int[] second = new int[first.length];
    int count = 0;
    for (int t = 0; t < truth.length; t++) {
      for (int id : truth[t]) {
        first[count] = blockOf[sample[t / 2]];
        second[count++] = blockOf[id];
      }
    }
    near.choose(Arrays.copyOf(first, count), Arrays.copyOf(second, count), NEAR);
  }

  private void pack() {
    Parallel.forRange(
        n,
        PACK,
        (from, to) -> {
          float[] rows = new float[(to - from) * width];
          for (int i = from; i < to; i++) {
            int at = (i - from) * width;
            int row = blocks.order[i] * d;
            System.arraycopy(x, row, rows, at, d);
            double squares = 0;
            for (int c = at; c < at + width - 2; c++) {
              squares += (double) rows[c] * rows[c];
            }
            rows[at + width - 2] = (float) (squares / 2);
            rows[at + width - 1] = 1;
          }
          packed.getPointer((long) from * width).put(rows, 0, rows.length);
        });
  }

  void run(Progress progress) {
    int teams = (blocks.count() + 1) / 2 * 2;
    for (int round = 0; round < teams - 1; round++) {
      var pairs = pairs(round, teams);
      Parallel.forBlocks(pairs.size(), p -> meet(pairs.get(p)[0], pairs.get(p)[1]));
      progress.step("neighbors", round + 1, teams - 1, Double.NaN);
      Parallel.checkInterrupted();
    }
  }

  /** Pairs of near blocks, the earlier first; one team stays, the others go round. */
  private List<int[]> pairs(int round, int teams) {
    List<int[]> out = new ArrayList<>();
    int circle = teams - 1;
    for (int p = 0; p < teams / 2; p++) {
      int a = p == 0 ? circle : (round + p) % circle;
      int b = (round - p + circle) % circle;
      int first = Math.min(a, b);
      int second = Math.max(a, b);
      if (second < blocks.count() && near.has(first, second)) {
        out.add(new int[] {first, second});
      }
    }
    return out;
  }

  /** Half the squared distances of all pairs of two blocks, offered to the cells of both. */
  private void meet(int first, int second) {
    int rows = blocks.size(first);
    int cols = blocks.size(second);
    try (var own = NativeMemory.floats((long) cols * width);
        var half = NativeMemory.floats((long) rows * cols)) {
      opposite(blocks.starts[second], cols, own);
      var from = packed.getPointer((long) blocks.starts[first] * width);
      Blas.gemmNt(rows, cols, width, from, width, own, width, half);
      // floats of one sign are ordered as their bits; rounding may leave some just below zero,
      // whose bits come first
      var bits = new IntPointer(half);
      int[] keys = new int[STRIPE * cols];
      int[] least = new int[cols];
      for (int r = 0; r < rows; r += STRIPE) {
        int count = Math.min(STRIPE, rows - r);
        bits.getPointer((long) r * cols).get(keys, 0, count * cols);
        for (int q = 0; q < count; q++) {
          alongRow(
              keys, q * cols, cols, blocks.starts[first] + r + q, blocks.starts[second], least);
        }
        alongColumns(keys, count, cols, blocks.starts[first] + r, blocks.starts[second], least);
      }
    }
  }

  /** Rows such that products with packed ones are half the squared distances. */
  private void opposite(int from, int count, FloatPointer out) {
    float[] rows = new float[count * width];
    packed.getPointer((long) from * width).get(rows, 0, rows.length);
    for (int at = 0; at < rows.length; at += width) {
      for (int c = at; c < at + width - 2; c++) {
        rows[c] = -rows[c];
      }
      rows[at + width - 1] = rows[at + width - 2];
      rows[at + width - 2] = 1;
    }
    out.put(rows, 0, rows.length);
  }

  private void alongRow(int[] keys, int at, int cols, int place, int from, int[] least) {
    int row = blocks.order[place];
    int limit = after.limit(row);
    int step = cols / STRIPE;
    RowMinima.least(keys, at, step, least);
    for (int c = 0; c < step; c++) {
      for (int q = 0; q < STRIPE && least[c] <= limit; q++) {
        int col = q * step + c;
        if (keys[at + col] <= limit) {
          limit = after.offer(row, keys[at + col], blocks.order[from + col]);
        }
      }
    }
    for (int col = STRIPE * step; col < cols; col++) {
      if (keys[at + col] <= limit) {
        limit = after.offer(row, keys[at + col], blocks.order[from + col]);
      }
    }
  }

  private void alongColumns(int[] keys, int rows, int cols, int place, int at, int[] least) {
    System.arraycopy(keys, 0, least, 0, cols);
    for (int r = 1; r < rows; r++) {
      int from = r * cols;
      for (int c = 0; c < cols; c++) {
        least[c] = Math.min(least[c], keys[from + c]);
      }
    }
    for (int c = 0; c < cols; c++) {
      int row = blocks.order[at + c];
      int limit = before.limit(row);
      for (int r = 0; r < rows && least[c] <= limit; r++) {
        if (keys[r * cols + c] <= limit) {
          limit = before.offer(row, keys[r * cols + c], blocks.order[place + r]);
        }
      }
    }
  }

  /**
   * The lists of the cells in the order of the metric; -1 where there is nothing before or after.
   */
  int[] lists(boolean later) {
    int[] out = new int[Math.multiplyExact(n, k)];
    Arrays.fill(out, -1);
    Parallel.forRange(
        n,
        PACK,
        (from, to) -> {
          int[] found = new int[k];
          double[] distances = new double[k];
          for (int i = from; i < to; i++) {
            int[] candidates = (later ? after : before).take(i);
            var list = NearestList.of(found, distances, 0, k);
            for (int id : candidates) {
              offer(i, id, list);
            }
            if (candidates.length >= k) {
              System.arraycopy(found, 0, out, i * k, k);
            } else {
              int[] all = nearest(i, later);
              System.arraycopy(all, 0, out, i * k, all.length);
            }
          }
        });
    return out;
  }

  private void offer(int i, int j, NearestList list) {
    double worst = list.worst();
    double sum = 0;
    int t = 0;
    while (t < d && sum <= worst) {
      for (int end = Math.min(d, t + STRIPE); t < end; t++) {
        double diff = x[i * d + t] - (double) x[j * d + t];
        sum += diff * diff;
      }
    }
    if (t == d && sum <= worst) {
      list.offer(sum, j);
    }
  }

  /** The true nearest of a cell in the sets after its own, or before; none where there is none. */
  private int[] nearest(int i, boolean later) {
    int at = Arrays.binarySearch(starts, i);
    int set = at < 0 ? -at - 2 : at;
    int from = later ? starts[set + 1] : 0;
    int to = later ? n : starts[set];
    int[] found = new int[Math.min(k, to - from)];
    var list = NearestList.of(found, new double[found.length], 0, found.length);
    for (int j = from; j < to; j++) {
      offer(i, j, list);
    }
    return found;
  }

  /** The share of the true nearest that lists have, of some cells that are evenly spread. */
  double recall(int[] earlier, int[] later) {
    long hits = 0;
    long all = 0;
    for (int t = 0; t < truth.length; t++) {
      int from = sample[t / 2] * k;
      int[] lists = t % 2 == 1 ? later : earlier;
      for (int id : truth[t]) {
        all++;
        for (int p = from; p < from + k; p++) {
          hits += lists[p] == id ? 1 : 0;
        }
      }
    }
    return hits / (double) all;
  }

  @Override
  public void close() {
    packed.close();
  }
}
