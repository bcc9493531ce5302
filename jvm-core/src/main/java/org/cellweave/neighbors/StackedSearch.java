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
 * The search of {@link StackedNeighbors} by products: every two blocks of different sets are
 * multiplied once, which serves the cells of both, and what is nearest by that is ordered by the
 * metric itself.
 *
 * <p>Blocks meet in rounds, as teams of a tournament do, so that in none a block is in two pairs;
 * and lists do not depend on the order of what they are offered.
 */
final class StackedSearch implements AutoCloseable {
  private static final int ROWS = 512;

  /** Rows whose least keys are found together. */
  private static final int STRIPE = RowMinima.SEGMENTS;

  private static final int PACK = 256;
  private static final int SAMPLE = 64;

  private final float[] x;
  private final int n;
  private final int d;
  private final int[] starts;
  private final int k;
  private final boolean manhattan;
  private final int width;

  /** First rows of the blocks, and the number of rows. */
  private final int[] bounds;

  /** Every row with its coordinates, half their squared length and 1. */
  private final FloatPointer packed;

  private final Shortlists before;
  private final Shortlists after;

  /**
   * @param x float32, rows of {@code d} values one after another
   * @param starts first row of each set, and the number of rows
   */
  StackedSearch(float[] x, int d, int[] starts, int k, Metric metric) {
    this.x = x;
    this.n = starts[starts.length - 1];
    this.d = d;
    this.starts = starts;
    this.k = k;
    this.manhattan = metric == Metric.MANHATTAN;
    this.bounds = bounds(starts);
    var scaling = manhattan ? ManhattanScaling.of(x, d) : null;
    this.width = 2 + (manhattan ? scaling.width() : d);
    this.packed = NativeMemory.floats((long) n * width);
    int wanted = manhattan ? Math.max(4 * k, k + 32) : k + Math.max(16, k / 2);
    this.before = new Shortlists(n, wanted);
    this.after = new Shortlists(n, wanted);
    pack(scaling);
  }

  private static int[] bounds(int[] starts) {
    List<Integer> out = new ArrayList<>();
    for (int s = 0; s < starts.length - 1; s++) {
      for (int row = starts[s]; row < starts[s + 1]; row += ROWS) {
        out.add(row);
      }
    }
    out.add(starts[starts.length - 1]);
    return out.stream().mapToInt(b -> b).toArray();
  }

  private void pack(ManhattanScaling scaling) {
    Parallel.forRange(
        n,
        PACK,
        (from, to) -> {
          float[] rows = new float[(to - from) * width];
          for (int i = from; i < to; i++) {
            int at = (i - from) * width;
            if (scaling == null) {
              System.arraycopy(x, i * d, rows, at, d);
            } else {
              scaling.write(x, i * d, rows, at);
            }
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
    int teams = bounds.length / 2 * 2;
    for (int round = 0; round < teams - 1; round++) {
      var pairs = pairs(round, teams);
      Parallel.forBlocks(pairs.size(), p -> meet(pairs.get(p)[0], pairs.get(p)[1]));
      progress.step("neighbors", round + 1, teams - 1, Double.NaN);
      Parallel.checkInterrupted();
    }
  }

  /** Pairs of blocks of different sets, the earlier first; one team stays, the others go round. */
  private List<int[]> pairs(int round, int teams) {
    int[] set = new int[teams];
    for (int b = 0; b < bounds.length - 1; b++) {
      int at = Arrays.binarySearch(starts, bounds[b]);
      set[b] = at < 0 ? -at - 2 : at;
    }
    List<int[]> out = new ArrayList<>();
    int circle = teams - 1;
    for (int p = 0; p < teams / 2; p++) {
      int a = p == 0 ? circle : (round + p) % circle;
      int b = (round - p + circle) % circle;
      int first = Math.min(a, b);
      int second = Math.max(a, b);
      if (second < bounds.length - 1 && set[first] != set[second]) {
        out.add(new int[] {first, second});
      }
    }
    return out;
  }

  /** Half the squared distances of all pairs of two blocks, offered to the cells of both. */
  private void meet(int first, int second) {
    int rows = bounds[first + 1] - bounds[first];
    int cols = bounds[second + 1] - bounds[second];
    try (var own = NativeMemory.floats((long) cols * width);
        var half = NativeMemory.floats((long) rows * cols)) {
      opposite(bounds[second], cols, own);
      var from = packed.getPointer((long) bounds[first] * width);
      Blas.gemmNt(rows, cols, width, from, width, own, width, half);
      // floats of one sign are ordered as their bits; rounding may leave some just below zero,
      // whose bits come first
      var bits = new IntPointer(half);
      int[] keys = new int[STRIPE * cols];
      int[] least = new int[Math.max(cols, ROWS / STRIPE)];
      for (int r = 0; r < rows; r += STRIPE) {
        int count = Math.min(STRIPE, rows - r);
        bits.getPointer((long) r * cols).get(keys, 0, count * cols);
        for (int q = 0; q < count; q++) {
          alongRow(keys, q * cols, cols, bounds[first] + r + q, bounds[second], least);
        }
        alongColumns(keys, count, cols, bounds[first] + r, bounds[second], least);
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

  private void alongRow(int[] keys, int at, int cols, int row, int firstId, int[] least) {
    int limit = after.limit(row);
    int step = cols / STRIPE;
    RowMinima.least(keys, at, step, least);
    for (int c = 0; c < step; c++) {
      for (int q = 0; q < STRIPE && least[c] <= limit; q++) {
        int col = q * step + c;
        if (keys[at + col] <= limit) {
          limit = after.offer(row, keys[at + col], firstId + col);
        }
      }
    }
    for (int col = STRIPE * step; col < cols; col++) {
      if (keys[at + col] <= limit) {
        limit = after.offer(row, keys[at + col], firstId + col);
      }
    }
  }

  private void alongColumns(int[] keys, int rows, int cols, int firstId, int at, int[] least) {
    System.arraycopy(keys, 0, least, 0, cols);
    for (int r = 1; r < rows; r++) {
      int from = r * cols;
      for (int c = 0; c < cols; c++) {
        least[c] = Math.min(least[c], keys[from + c]);
      }
    }
    for (int c = 0; c < cols; c++) {
      int limit = before.limit(at + c);
      for (int r = 0; r < rows && least[c] <= limit; r++) {
        if (keys[r * cols + c] <= limit) {
          limit = before.offer(at + c, keys[r * cols + c], firstId + r);
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
            if (candidates.length > 0) {
              var list = NearestList.of(found, distances, 0, k);
              for (int id : candidates) {
                offer(i, id, list);
              }
              System.arraycopy(found, 0, out, i * k, k);
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
        sum += manhattan ? Math.abs(diff) : diff * diff;
      }
    }
    if (t == d && sum <= worst) {
      list.offer(sum, j);
    }
  }

  /** The share of the true nearest that lists have, of some cells that are evenly spread. */
  double recall(int[] earlier, int[] later) {
    int cells = Math.min(n, SAMPLE);
    var parts =
        Parallel.map(
            cells,
            s -> {
              int i = (int) ((long) s * n / cells);
              int at = Arrays.binarySearch(starts, i);
              int set = at < 0 ? -at - 2 : at;
              int[] part = new int[2];
              count(i, 0, starts[set], earlier, part);
              count(i, starts[set + 1], n, later, part);
              return part;
            });
    long hits = 0;
    long all = 0;
    for (int[] part : parts) {
      hits += part[0];
      all += part[1];
    }
    return hits / (double) all;
  }

  private void count(int i, int from, int to, int[] lists, int[] hitsAndAll) {
    if (from == to) {
      return;
    }
    int[] found = new int[k];
    var list = NearestList.of(found, new double[k], 0, k);
    for (int j = from; j < to; j++) {
      offer(i, j, list);
    }
    for (int id : found) {
      hitsAndAll[1]++;
      for (int p = i * k; p < (i + 1) * k; p++) {
        hitsAndAll[0] += lists[p] == id ? 1 : 0;
      }
    }
  }

  @Override
  public void close() {
    packed.close();
  }
}
