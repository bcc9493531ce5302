package org.cellweave.integrate.mnn;

import java.util.Arrays;
import org.cellweave.linalg.LeadingEigen;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/**
 * The directions in which the paired cells of a set vary most: biology, which a shift between
 * batches has no part in.
 */
final class BiologicalSpan {
  private static final int BLOCK = 64;
  private static final double ACCURACY = 1e-12;
  private static final double NONE = 1e-10;

  private final double[][] directions;

  /**
   * @param cells rows of x, each once
   * @param most number of directions, fewer where the cells do not vary in so many
   */
  BiologicalSpan(DenseMatrix x, int[] cells, int most) {
    int p = x.nCols();
    int k = Math.min(most, Math.min(cells.length - 1, p));
    double[][] rows = centred(x, cells);
    this.directions = k < 1 ? new double[0][] : leading(rows, p, k);
  }

  private static double[][] centred(DenseMatrix x, int[] cells) {
    double[][] rows = new double[cells.length][x.nCols()];
    double[] mean = new double[x.nCols()];
    for (int i = 0; i < cells.length; i++) {
      x.readRow(cells[i], rows[i]);
      add(1.0 / cells.length, rows[i], mean);
    }
    for (double[] row : rows) {
      add(-1, mean, row);
    }
    return rows;
  }

  private static double[][] leading(double[][] rows, int p, int k) {
    int size = Math.max(p, k + 2);
    var task =
        new LeadingEigen.Task(
            size,
            k,
            LeadingEigen.Order.LARGEST,
            ACCURACY,
            0,
            "mnnCorrect",
            "Take a smaller svdDim.");
    var pairs = LeadingEigen.pairs(task, (v, out) -> apply(rows, v, out));
    int kept = 0;
    while (kept < k && pairs.values()[kept] > NONE * pairs.values()[0]) {
      kept++;
    }
    double[][] out = new double[kept][];
    for (int c = 0; c < kept; c++) {
      out[c] = Arrays.copyOfRange(pairs.vectors(), c * size, c * size + p);
    }
    return out;
  }

  private static void apply(double[][] rows, double[] v, double[] out) {
    Arrays.fill(out, 0);
    var parts =
        Parallel.map(
            Parallel.nBlocks(rows.length, BLOCK),
            block -> {
              double[] sum = new double[rows[0].length];
              int to = Math.min(rows.length, (block + 1) * BLOCK);
              for (int i = block * BLOCK; i < to; i++) {
                add(dot(rows[i], v), rows[i], sum);
              }
              return sum;
            });
    for (double[] part : parts) {
      add(1, part, out);
    }
  }

  /** Takes the part along the directions out of every row. */
  void removeFrom(DenseMatrix shifts) {
    Parallel.forRange(
        shifts.nRows(),
        BLOCK,
        (from, to) -> {
          double[] row = new double[shifts.nCols()];
          for (int i = from; i < to; i++) {
            shifts.readRow(i, row);
            for (double[] direction : directions) {
              add(-dot(direction, row), direction, row);
            }
            shifts.setRow(i, row);
          }
        });
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  private static void add(double factor, double[] row, double[] sum) {
    for (int j = 0; j < row.length; j++) {
      sum[j] += factor * row[j];
    }
  }
}
