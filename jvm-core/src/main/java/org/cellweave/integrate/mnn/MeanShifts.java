package org.cellweave.integrate.mnn;

import java.util.Arrays;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/**
 * How far every cell of the right set that has partners lies from them: the mean over its pairs of
 * left less right.
 *
 * @param cells rows of the whole, each once, ascending
 * @param shifts one row for each of them
 */
record MeanShifts(int[] cells, double[][] shifts) {
  private static final int BLOCK = 64;

  /**
   * @param x all cells
   * @param left the left cell of every pair, by row of {@code x}
   * @param right the right cell
   */
  static MeanShifts of(DenseMatrix x, int[] left, int[] right) {
    int[] cells = distinct(right);
    int[] start = new int[cells.length + 1];
    int[] slot = new int[right.length];
    for (int p = 0; p < right.length; p++) {
      slot[p] = Arrays.binarySearch(cells, right[p]);
      start[slot[p] + 1]++;
    }
    for (int c = 0; c < cells.length; c++) {
      start[c + 1] += start[c];
    }
    int[] partners = new int[left.length];
    int[] next = start.clone();
    for (int p = 0; p < left.length; p++) {
      partners[next[slot[p]]++] = left[p];
    }
    double[][] shifts = new double[cells.length][x.nCols()];
    Parallel.forRange(
        cells.length,
        BLOCK,
        (from, to) -> {
          double[] row = new double[x.nCols()];
          for (int c = from; c < to; c++) {
            int pairs = start[c + 1] - start[c];
            for (int p = start[c]; p < start[c + 1]; p++) {
              x.readRow(partners[p], row);
              add(row, 1.0 / pairs, shifts[c]);
            }
            x.readRow(cells[c], row);
            add(row, -1, shifts[c]);
          }
        });
    return new MeanShifts(cells, shifts);
  }

  static int[] distinct(int[] cells) {
    return Arrays.stream(cells).sorted().distinct().toArray();
  }

  private static void add(double[] row, double factor, double[] sum) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += factor * row[j];
    }
  }

  /** The mean over cells, each once. */
  double[] mean() {
    double[] mean = new double[shifts[0].length];
    for (double[] shift : shifts) {
      add(shift, 1.0 / shifts.length, mean);
    }
    return mean;
  }

  /**
   * Length of the mean over the root of the mean square of every coordinate; 0 where nothing is to
   * be shifted.
   */
  double batchSize() {
    double length = 0;
    for (double m : mean()) {
      length += m * m;
    }
    double typical = 0;
    for (double[] shift : shifts) {
      for (double v : shift) {
        typical += v * v / shifts.length;
      }
    }
    return typical == 0 ? 0 : Math.sqrt(length / typical);
  }
}
