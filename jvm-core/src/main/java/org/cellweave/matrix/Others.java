package org.cellweave.matrix;

import java.util.Arrays;

/** The numbers that stand beside those of a matrix: one, one a column, one a row, or a matrix. */
abstract class Others {
  private Others() {}

  /** Those beside the whole row {@code i}. */
  abstract void beside(int i, double[] to, int nCols);

  /** Those beside the {@code n} entries of row {@code i} at columns {@code at[start]} and after. */
  abstract void beside(int i, int[] at, int start, int n, double[] to);

  /** The same ones, for the transpose. */
  abstract Others turned();

  static Others number(double number) {
    return new Others() {
      @Override
      void beside(int i, double[] to, int nCols) {
        Arrays.fill(to, 0, nCols, number);
      }

      @Override
      void beside(int i, int[] at, int start, int n, double[] to) {
        Arrays.fill(to, 0, n, number);
      }

      @Override
      Others turned() {
        return this;
      }
    };
  }

  /** One for every column. */
  static Others row(double[] row) {
    return new Others() {
      @Override
      void beside(int i, double[] to, int nCols) {
        System.arraycopy(row, 0, to, 0, nCols);
      }

      @Override
      void beside(int i, int[] at, int start, int n, double[] to) {
        for (int k = 0; k < n; k++) {
          to[k] = row[at[start + k]];
        }
      }

      @Override
      Others turned() {
        return column(row);
      }
    };
  }

  /** One for every row. */
  static Others column(double[] column) {
    return new Others() {
      @Override
      void beside(int i, double[] to, int nCols) {
        Arrays.fill(to, 0, nCols, column[i]);
      }

      @Override
      void beside(int i, int[] at, int start, int n, double[] to) {
        Arrays.fill(to, 0, n, column[i]);
      }

      @Override
      Others turned() {
        return row(column);
      }
    };
  }

  /** One for every place; {@code matrix} has the same shape. */
  static Others matrix(Matrix matrix) {
    Rows rows = Rows.of(matrix);
    return new Others() {
      @Override
      void beside(int i, double[] to, int nCols) {
        rows.read(i, to);
      }

      @Override
      void beside(int i, int[] at, int start, int n, double[] to) {
        for (int k = 0; k < n; k++) {
          to[k] = matrix.get(i, at[start + k]);
        }
      }

      @Override
      Others turned() {
        return matrix(matrix.transpose());
      }
    };
  }
}
