package org.cellweave.neighbors;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/**
 * Coordinates as whole numbers, so that sums of absolute differences are compared by arithmetic
 * that the JIT turns into vectors: rows in the order of blocks and, of every block, its columns.
 *
 * <p>A sum is off by at most one for each column, of a range of {@link #FAR} for all columns
 * together. Every column of a block is an array of its own, since loops whose arrays begin together
 * become vectors, and those that look for a column at some place of a longer array do not.
 */
final class WholeNumbers {
  /** No sum of absolute differences is as large. */
  static final int FAR = 1 << 30;

  private final int d;
  private final int[] rows;
  private final int[][][] columns;

  /**
   * @param x float32, rows of {@code d} values one after another
   */
  WholeNumbers(float[] x, int d, Blocks blocks) {
    this.d = d;
    this.rows = new int[x.length];
    this.columns = new int[blocks.count()][][];
    float[] least = new float[d];
    double scale = scale(x, least);
    Parallel.forBlocks(columns.length, b -> fill(x, blocks, b, least, scale));
  }

  /** Such that sums of differences stay below {@link #FAR}; writes the columns' least. */
  private double scale(float[] x, float[] least) {
    float[] most = new float[d];
    Arrays.fill(least, Float.POSITIVE_INFINITY);
    Arrays.fill(most, Float.NEGATIVE_INFINITY);
    for (int at = 0; at < x.length; at += d) {
      for (int j = 0; j < d; j++) {
        least[j] = Math.min(least[j], x[at + j]);
        most[j] = Math.max(most[j], x[at + j]);
      }
    }
    double range = 0;
    for (int j = 0; j < d; j++) {
      range += (double) most[j] - least[j];
    }
    return range > 0 ? (FAR - 2.0 * d - 2) / range : 1;
  }

  private void fill(float[] x, Blocks blocks, int block, float[] least, double scale) {
    int from = blocks.starts[block];
    int[][] own = new int[d][blocks.size(block)];
    for (int r = 0; r < blocks.size(block); r++) {
      int row = blocks.order[from + r] * d;
      for (int j = 0; j < d; j++) {
        int value = (int) (((double) x[row + j] - least[j]) * scale + 0.5);
        own[j][r] = value;
        rows[(from + r) * d + j] = value;
      }
    }
    columns[block] = own;
  }

  /**
   * Adds the absolute differences of some rows from all of a block in columns {@code begin <= t <
   * end}.
   *
   * @param place of the first row in the order of the blocks
   * @param sums as many as the block has rows, for each of {@code count} rows
   */
  void add(int place, int count, int block, int begin, int end, int[][] sums) {
    int[][] others = columns[block];
    int t = begin;
    for (; t + 4 <= end; t += 4) {
      for (int g = 0; g < count; g++) {
        int at = (place + g) * d + t;
        addFour(
            rows[at],
            others[t],
            rows[at + 1],
            others[t + 1],
            rows[at + 2],
            others[t + 2],
            rows[at + 3],
            others[t + 3],
            sums[g]);
      }
    }
    for (; t < end; t++) {
      for (int g = 0; g < count; g++) {
        addOne(rows[(place + g) * d + t], others[t], sums[g]);
      }
    }
  }

  private static void addFour(
      int a, int[] x, int b, int[] y, int c, int[] z, int e, int[] w, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += Math.abs(a - x[i]) + Math.abs(b - y[i]) + Math.abs(c - z[i]) + Math.abs(e - w[i]);
    }
  }

  private static void addOne(int a, int[] x, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += Math.abs(a - x[i]);
    }
  }

  /** The sum of absolute differences of two rows in columns {@code begin <= t < end}. */
  int between(int place, int other, int begin, int end) {
    int sum = 0;
    for (int t = begin; t < end; t++) {
      sum += Math.abs(rows[place * d + t] - rows[other * d + t]);
    }
    return sum;
  }
}
