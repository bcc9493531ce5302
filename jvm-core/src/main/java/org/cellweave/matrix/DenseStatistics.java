package org.cellweave.matrix;

import org.cellweave.util.Parallel;

/**
 * Sums and moments of the rows and columns of a {@link DenseMatrix}, added up in float64 by groups
 * of rows that depend on the number of rows alone; the same bits for float32 and float64 storage.
 */
final class DenseStatistics {
  private static final int MAX_GROUPS = 64;
  private static final int MIN_GROUP_ROWS = 256;

  private DenseStatistics() {}

  static double[] rowSums(DenseMatrix x) {
    double[] sums = new double[x.nRows()];
    x.forEachRow((i, row) -> sums[i] = sum(row));
    return sums;
  }

  static Matrix.Moments rowMoments(DenseMatrix x, int ddof) {
    double[] mean = new double[x.nRows()];
    double[] variance = new double[x.nRows()];
    x.forEachRow(
        (i, row) -> {
          double m = sum(row) / row.length;
          double squares = 0;
          for (double v : row) {
            squares += (v - m) * (v - m);
          }
          mean[i] = m;
          variance[i] = squares / (row.length - ddof);
        });
    return new Matrix.Moments(mean, variance);
  }

  private static double sum(double[] row) {
    double sum = 0;
    for (double v : row) {
      sum += v;
    }
    return sum;
  }

  static double[] colSums(DenseMatrix x) {
    return columns(
        x,
        (row, sums) -> {
          for (int j = 0; j < row.length; j++) {
            sums[j] += row[j];
          }
        });
  }

  static Matrix.Moments colMoments(DenseMatrix x, int ddof) {
    double[] mean = colSums(x);
    for (int j = 0; j < mean.length; j++) {
      mean[j] /= x.nRows();
    }
    double[] variance =
        columns(
            x,
            (row, sums) -> {
              for (int j = 0; j < row.length; j++) {
                double centred = row[j] - mean[j];
                sums[j] += centred * centred;
              }
            });
    for (int j = 0; j < variance.length; j++) {
      variance[j] /= x.nRows() - ddof;
    }
    return new Matrix.Moments(mean, variance);
  }

  @FunctionalInterface
  private interface Kernel {
    void add(double[] row, double[] sums);
  }

  private static double[] columns(DenseMatrix x, Kernel kernel) {
    int groupRows = Math.max(MIN_GROUP_ROWS, Parallel.nBlocks(Math.max(1, x.nRows()), MAX_GROUPS));
    var parts =
        Parallel.map(
            Parallel.nBlocks(x.nRows(), groupRows),
            g -> {
              double[] sums = new double[x.nCols()];
              int to = (int) Math.min(x.nRows(), (g + 1L) * groupRows);
              x.forRows(g * groupRows, to, (i, row) -> kernel.add(row, sums));
              return sums;
            });
    return Rows.total(parts, x.nCols());
  }
}
