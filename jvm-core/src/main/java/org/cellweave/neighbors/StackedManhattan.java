package org.cellweave.neighbors;

import java.util.Arrays;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * The search of {@link StackedNeighbors} by sums of absolute differences: every two blocks of
 * different sets are compared once for the cells of both, and given up once no sum so far is as
 * small as those of nearest cells are at that column.
 *
 * <p>How small they are is read from the true neighbours of some cells: of their whole distance all
 * but a few have at most a certain share after the first columns, which is taken of the largest sum
 * wanted. A cell's neighbours lie below that sum, mostly, and are nearly all found. Blocks meet in
 * rounds, near ones first, so that in none a block is in two pairs, and what is given up does not
 * depend on threads.
 */
final class StackedManhattan {
  /** Columns between looks whether anything is left. */
  private static final int STAGE = 16;

  /** Of the true neighbours of some cells, the share that a stage keeps if all were the k-th. */
  private static final double KEPT = 0.9;

  /** Rows that are compared together. */
  private static final int TEAM = 4;

  /** Candidates beyond those wanted, since whole numbers are rounded. */
  private static final int SPARE = 4;

  private static final int PACK = 256;
  private static final int SAMPLE = 128;

  /** As few signs as are looked at one by one. */
  private static final int FEW = 32;

  private final float[] x;
  private final int n;
  private final int d;
  private final int k;
  private final Blocks blocks;
  private final WholeNumbers whole;
  private final int stages;

  /** Some cells, evenly spread, by their places, and their true nearest before and after. */
  private final int[] sample;

  private final int[][] truth;

  /** Of the whole distance, what nearest cells have at most by the end of a stage. */
  private final double[] shares;

  private final Shortlists before;
  private final Shortlists after;

  /**
   * @param x float32, rows of {@code d} values one after another
   * @param points the same rows
   * @param starts first row of each set, and the number of rows
   */
  StackedManhattan(float[] x, PointSet points, int[] starts, int k) {
    this.x = x;
    this.n = starts[starts.length - 1];
    this.d = points.d;
    this.k = k;
    this.blocks = Blocks.ofSets(points, starts);
    this.whole = new WholeNumbers(x, d, blocks);
    this.stages = Parallel.nBlocks(d, STAGE);
    this.sample = new int[Math.min(n, SAMPLE)];
    Arrays.setAll(sample, c -> (int) ((long) c * n / sample.length));
    this.truth = new int[2 * sample.length][];
    Parallel.forBlocks(truth.length, t -> truth[t] = nearest(sample[t / 2], t % 2 == 1));
    this.shares = shares();
    this.before = new Shortlists(n, k + SPARE, WholeNumbers.FAR);
    this.after = new Shortlists(n, k + SPARE, WholeNumbers.FAR);
  }

  private int end(int stage) {
    return Math.min(d, (stage + 1) * STAGE);
  }

  /** The true nearest of a place in the sets after its own, or before. */
  private int[] nearest(int place, boolean later) {
    int own = blockOf(place);
    int[] found = new int[k + SPARE];
    var near = NearestList.of(found, new double[found.length], 0, found.length);
    int count = 0;
    for (int b = 0; b < blocks.count(); b++) {
      if (later ? blocks.kinds[b] <= blocks.kinds[own] : blocks.kinds[b] >= blocks.kinds[own]) {
        continue;
      }
      int[][] sums = new int[1][blocks.size(b)];
      whole.add(place, 1, b, 0, d, sums);
      for (int c = 0; c < sums[0].length; c++) {
        near.offer(sums[0][c], blocks.order[blocks.starts[b] + c]);
      }
      count += sums[0].length;
    }
    return Arrays.copyOf(found, Math.min(k, count));
  }

  private int blockOf(int place) {
    int at = Arrays.binarySearch(blocks.starts, place);
    return at < 0 ? -at - 2 : at;
  }

  private double[] shares() {
    double[] out = new double[stages];
    Arrays.fill(out, 1);
    int[] placeOf = new int[n];
    for (int place = 0; place < n; place++) {
      placeOf[blocks.order[place]] = place;
    }
    for (int s = 0; s < stages - 1; s++) {
      double[] parts = new double[truth.length * k];
      int count = 0;
      for (int t = 0; t < truth.length; t++) {
        for (int id : truth[t]) {
          int other = placeOf[id];
          double all = whole.between(sample[t / 2], other, 0, d);
          if (all > 0) {
            parts[count++] = whole.between(sample[t / 2], other, 0, end(s)) / all;
          }
        }
      }
      Arrays.sort(parts, 0, count);
      out[s] = count == 0 ? 1 : parts[(int) Math.ceil(KEPT * count) - 1];
    }
    return out;
  }

  void run(Progress progress) {
    var rounds = BlockRounds.apart(blocks);
    for (int r = 0; r < rounds.size(); r++) {
      var pairs = rounds.get(r);
      Parallel.forBlocks(
          pairs.size(), p -> new Meeting(pairs.get(p).row(), pairs.get(p).column()).run());
      progress.step("neighbors", r + 1, rounds.size(), Double.NaN);
      Parallel.checkInterrupted();
    }
  }

  /** Two blocks, of which each looks for neighbours in the other. */
  private final class Meeting {
    private final int block;
    private final int other;
    private final int[][] sums;

    /** Of every stage and row of the other block, below what a sum is wanted. */
    private final int[][] limits;

    private final int[] signs;
    private final int[] folded;
    private final int[] half;

    Meeting(int block, int other) {
      int cols = blocks.size(other);
      this.block = block;
      this.other = other;
      this.sums = new int[TEAM][cols];
      this.limits = new int[stages][cols];
      this.signs = new int[cols];
      this.folded = new int[cols];
      this.half = new int[cols / 2];
      for (int c = 0; c < cols; c++) {
        int limit = before.limit(row(other, c));
        for (int s = 0; s < stages; s++) {
          limits[s][c] = below(limit, s);
        }
      }
    }

    private int row(int of, int r) {
      return blocks.order[blocks.starts[of] + r];
    }

    private int below(int limit, int stage) {
      return limit == WholeNumbers.FAR ? limit : (int) (shares[stage] * limit) + 1;
    }

    void run() {
      for (int r = 0; r < blocks.size(block); r += TEAM) {
        compare(r, Math.min(TEAM, blocks.size(block) - r));
      }
    }

    private void compare(int first, int team) {
      for (int g = 0; g < team; g++) {
        Arrays.fill(sums[g], 0);
      }
      for (int s = 0; s < stages; s++) {
        whole.add(blocks.starts[block] + first, team, other, s * STAGE, end(s), sums);
        Arrays.fill(signs, 0);
        for (int g = 0; g < team; g++) {
          join(sums[g], below(after.limit(row(block, first + g)), s), limits[s], signs);
        }
        if (!anySign()) {
          return;
        }
      }
      for (int c = 0; c < signs.length; c++) {
        for (int g = 0; g < team && signs[c] < 0; g++) {
          offer(row(block, first + g), c, sums[g][c]);
        }
      }
    }

    /** Lays halves over each other until few places are left to be looked at. */
    private boolean anySign() {
      int left = signs.length;
      System.arraycopy(signs, 0, folded, 0, left);
      while (left > FEW) {
        int count = left / 2;
        System.arraycopy(folded, left - count, half, 0, count);
        orInto(folded, half, count);
        left -= count;
      }
      int sign = 0;
      for (int c = 0; c < left; c++) {
        sign |= folded[c];
      }
      return sign < 0;
    }

    private void offer(int row, int c, int sum) {
      if (sum <= after.limit(row)) {
        after.offer(row, sum, row(other, c));
      }
      int[] last = limits[stages - 1];
      if (sum < last[c]) {
        last[c] = below(before.offer(row(other, c), sum, row), stages - 1);
      }
    }
  }

  /** Gives a sign to every place whose sum lies below one of two limits. */
  private static void join(int[] sums, int own, int[] limits, int[] signs) {
    for (int i = 0; i < signs.length; i++) {
      signs[i] |= (sums[i] - own) | (sums[i] - limits[i]);
    }
  }

  private static void orInto(int[] out, int[] other, int count) {
    for (int i = 0; i < count; i++) {
      out[i] |= other[i];
    }
  }

  /**
   * The lists of the cells in the order of the metric; -1 where there is nothing before or after.
   */
  int[] lists(boolean later) {
    int[] out = new int[Math.multiplyExact(n, k)];
    Arrays.fill(out, -1);
    var found = later ? after : before;
    Parallel.forRange(
        n,
        PACK,
        (from, to) -> {
          double[] distances = new double[k];
          int[] nearest = new int[k];
          for (int i = from; i < to; i++) {
            int[] candidates = found.take(i);
            if (candidates.length > 0) {
              var list = NearestList.of(nearest, distances, 0, k);
              for (int id : candidates) {
                list.offer(distance(i, id), id);
              }
              System.arraycopy(nearest, 0, out, i * k, k);
            }
          }
        });
    return out;
  }

  private double distance(int i, int j) {
    double sum = 0;
    for (int t = 0; t < d; t++) {
      sum += Math.abs(x[i * d + t] - (double) x[j * d + t]);
    }
    return sum;
  }

  /** The share of the true nearest that lists have, of some cells that are evenly spread. */
  double recall(int[] earlier, int[] later) {
    long hits = 0;
    long all = 0;
    for (int t = 0; t < truth.length; t++) {
      int from = blocks.order[sample[t / 2]] * k;
      int[] lists = t % 2 == 1 ? later : earlier;
      all += truth[t].length;
      for (int id : truth[t]) {
        for (int p = from; p < from + k; p++) {
          hits += lists[p] == id ? 1 : 0;
        }
      }
    }
    return hits / (double) all;
  }
}
