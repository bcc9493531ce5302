package org.cellweave.products;

import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.RangeKernel;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;

/**
 * Coordinates of rows in some directions, {@code diag(scale) X B - offset}, in float64; sparse rows
 * stay sparse. Cost: stored values times directions; rows are independent of each other.
 */
public final class RowProjection {
  private final Rows rows;
  private final int[] position;
  private final double[] basis;
  private final double[] offset;

  /**
   * @param position row of the basis for every column, -1 for a column that has none; null for its
   *     own
   * @param basis directions in columns, row-major
   * @param offset one for every direction
   */
  public RowProjection(Rows rows, int[] position, double[] basis, double[] offset) {
    this.rows = rows;
    this.position = position;
    this.basis = basis;
    this.offset = offset;
  }

  /**
   * @param scale a factor for every row; null for one
   * @return rows by directions
   */
  public DenseMatrix run(double[] scale, DType dtype) {
    int n = rows.nRows();
    int k = offset.length;
    if (scale != null) {
      Check.sameLength(scale.length, n, "scale", "the number of rows");
    }
    var out = DenseMatrix.zeros(n, k, dtype);
    rows.inOrder(
        kernel(scale, position, basis, offset),
        (from, part) -> {
          double[] row = new double[k];
          for (int r = 0; r < part.length / k; r++) {
            System.arraycopy(part, r * k, row, 0, k);
            out.setRow(from + r, row);
          }
        });
    return out;
  }

  private static RangeKernel<double[]> kernel(
      double[] scale, int[] position, double[] basis, double[] offset) {
    int k = offset.length;
    return (rows, from, to) -> {
      double[] part = new double[(to - from) * k];
      double[] row = new double[k];
      int[] begins = new int[rows.nCols()];
      rows.visit(
          from,
          to,
          (i, at, start, v, count) -> {
            double factor = scale == null ? 1 : scale[i];
            for (int c = 0; c < k; c++) {
              row[c] = -offset[c];
            }
            int kept = 0;
            for (int q = 0; q < count; q++) {
              int g = position == null ? at[start + q] : position[at[start + q]];
              if (g >= 0) {
                begins[kept] = g * k;
                v[kept++] = factor * v[q];
              }
            }
            addAll(v, begins, kept, basis, row);
            System.arraycopy(row, 0, part, (i - from) * k, k);
          });
      return part;
    };
  }

  /** One after the other, four at a time: the row is read and written less often. */
  private static void addAll(double[] v, int[] begins, int n, double[] basis, double[] row) {
    int q = 0;
    for (; q + 3 < n; q += 4) {
      addFour(v, q, basis, begins[q], begins[q + 1], begins[q + 2], begins[q + 3], row);
    }
    for (; q < n; q++) {
      add(v[q], basis, begins[q], row);
    }
  }

  private static void addFour(
      double[] v, int q, double[] basis, int a, int b, int c, int d, double[] row) {
    double first = v[q];
    double second = v[q + 1];
    double third = v[q + 2];
    double fourth = v[q + 3];
    for (int j = 0; j < row.length; j++) {
      row[j] =
          row[j]
              + first * basis[a + j]
              + second * basis[b + j]
              + third * basis[c + j]
              + fourth * basis[d + j];
    }
  }

  private static void add(double value, double[] basis, int at, double[] row) {
    for (int c = 0; c < row.length; c++) {
      row[c] += value * basis[at + c];
    }
  }
}
