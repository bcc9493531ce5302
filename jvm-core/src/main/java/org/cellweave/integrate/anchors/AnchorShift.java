package org.cellweave.integrate.anchors;

import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/**
 * Takes from every cell that moves the weighted mean of what the two ends of its anchors differ by.
 * Differences are made for a strip of columns at a time, so that memory for them stays small.
 */
final class AnchorShift {
  private static final int STRIP = 256;
  private static final int BLOCK = 128;

  private AnchorShift() {}

  /**
   * @param values all cells; rows {@code cells} are changed
   * @param cells that move, as the weights have them
   */
  static void apply(DenseMatrix values, MergeStep step, int[] cells, AnchorWeights weights) {
    int p = values.nCols();
    var moved = DenseMatrix.zeros(cells.length, p, DType.FLOAT32);
    for (int from = 0; from < p; from += STRIP) {
      int first = from;
      int width = Math.min(STRIP, p - from);
      float[][] differences = differences(values, step, first, width);
      Parallel.forRange(
          cells.length,
          BLOCK,
          (start, end) -> {
            double[] row = new double[width];
            for (int c = start; c < end; c++) {
              values.readRow(cells[c], first, width, row);
              subtract(row, weights, c, differences);
              moved.setRow(c, first, width, row);
            }
          });
    }
    Parallel.forRange(
        cells.length,
        BLOCK,
        (start, end) -> {
          double[] row = new double[p];
          for (int c = start; c < end; c++) {
            moved.readRow(c, row);
            values.setRow(cells[c], row);
          }
        });
  }

  /** Query less reference of every anchor, columns {@code from} and after. */
  private static float[][] differences(DenseMatrix values, MergeStep step, int from, int width) {
    int n = step.weights().length;
    float[][] out = new float[n][];
    Parallel.forRange(
        n,
        BLOCK,
        (start, end) -> {
          double[] query = new double[width];
          double[] reference = new double[width];
          for (int a = start; a < end; a++) {
            values.readRow(step.queryEnds()[a], from, width, query);
            values.readRow(step.referenceEnds()[a], from, width, reference);
            float[] difference = new float[width];
            for (int j = 0; j < width; j++) {
              difference[j] = (float) (query[j] - reference[j]);
            }
            out[a] = difference;
          }
        });
    return out;
  }

  /** One after the other, four at a time: the row is read and written less often. */
  private static void subtract(
      double[] row, AnchorWeights weights, int cell, float[][] differences) {
    int[] anchors = weights.anchors();
    double[] w = weights.weights();
    int end = weights.start()[cell + 1];
    int e = weights.start()[cell];
    for (; e + 3 < end; e += 4) {
      float[] a = differences[anchors[e]];
      float[] b = differences[anchors[e + 1]];
      float[] c = differences[anchors[e + 2]];
      float[] d = differences[anchors[e + 3]];
      subtractFour(row, w[e], a, w[e + 1], b, w[e + 2], c, w[e + 3], d);
    }
    for (; e < end; e++) {
      float[] difference = differences[anchors[e]];
      for (int j = 0; j < row.length; j++) {
        row[j] -= w[e] * difference[j];
      }
    }
  }

  private static void subtractFour(
      double[] row,
      double v,
      float[] a,
      double w,
      float[] b,
      double x,
      float[] c,
      double y,
      float[] d) {
    for (int j = 0; j < row.length; j++) {
      row[j] = row[j] - v * a[j] - w * b[j] - x * c[j] - y * d[j];
    }
  }
}
