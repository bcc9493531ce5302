package org.cellweave.matrix;

import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * What regressions of all columns of a matrix on a few numbers per row need of the matrix: its
 * products with them, for which a sparse one stays sparse, and what is left once they are taken
 * out, which is dense.
 *
 * <p>Products are cut into slices of the numbers, each a walk over the rows in order, so that
 * threads do not matter and no partial sums are held.
 */
public final class ColumnRegression {
  private static final int SLICE = 16;
  private static final int BLOCK = 256;

  private ColumnRegression() {}

  /**
   * {@code x' w}, a row for every column of x.
   *
   * @param w rows by numbers
   */
  public static double[][] products(Rows x, DenseMatrix w) {
    Check.sameLength(w.nRows(), x.nRows(), "w", "the number of rows");
    int k = w.nCols();
    double[][] out = new double[x.nCols()][k];
    Parallel.forRange(
        k,
        SLICE,
        (from, to) -> {
          int width = to - from;
          double[] part = new double[Math.multiplyExact(x.nCols(), width)];
          double[] row = new double[width];
          x.visit(
              0,
              x.nRows(),
              (i, at, start, v, n) -> {
                w.readRow(i, from, width, row);
                scatter(at, start, v, n, row, part);
              });
          for (int j = 0; j < out.length; j++) {
            System.arraycopy(part, j * width, out[j], from, width);
          }
        });
    return out;
  }

  /** Adds {@code v y} to the rows of {@code out} that the entries stand in. */
  private static void scatter(int[] at, int start, double[] v, int n, double[] y, double[] out) {
    for (int q = 0; q < n; q++) {
      int to = at[start + q] * y.length;
      double value = v[q];
      for (int c = 0; c < y.length; c++) {
        out[to + c] += value * y[c];
      }
    }
  }

  /**
   * {@code x - w b}: float64 where x is, else float32.
   *
   * @param b one row for every number, one column for every column of x
   */
  public static DenseMatrix residuals(Matrix x, DenseMatrix w, double[][] b) {
    Check.sameLength(w.nRows(), x.nRows(), "w", "the number of rows");
    Check.sameLength(b.length, w.nCols(), "b", "the number of columns of w");
    var rows = Rows.of(x);
    var type = x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    var out = DenseMatrix.zeros(x.nRows(), x.nCols(), type);
    Parallel.forRange(
        x.nRows(),
        BLOCK,
        (from, to) -> {
          double[] row = new double[x.nCols()];
          double[] weights = new double[w.nCols()];
          for (int i = from; i < to; i++) {
            rows.read(i, row);
            w.readRow(i, weights);
            for (int k = 0; k < weights.length; k++) {
              subtract(row, weights[k], b[k]);
            }
            out.setRow(i, row);
          }
        });
    return out;
  }

  private static void subtract(double[] row, double weight, double[] b) {
    if (weight != 0) {
      for (int j = 0; j < row.length; j++) {
        row[j] -= weight * b[j];
      }
    }
  }
}
