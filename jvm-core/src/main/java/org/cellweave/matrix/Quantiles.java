package org.cellweave.matrix;

import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * Medians and quantiles of every column or row, without making a sparse matrix dense: of its
 * columns the transpose is taken, which holds the stored values once more.
 *
 * <p>As NumPy's: {@code linear} between two values, NaN where a value is NaN unless these are left
 * out. Cost: O(values), by selection.
 */
public final class Quantiles {
  private static final int TILE = 16;
  private static final int ROWS = 256;

  private Quantiles() {}

  /** Of one of the numbers of a column or a row. */
  @FunctionalInterface
  private interface Statistic {
    double of(double[] values, int n, int zeros);
  }

  /**
   * @param axis 0 for one of every column, 1 for one of every row
   * @param skipNaN leaves NaN out
   */
  public static double[] medians(Matrix x, int axis, boolean skipNaN) {
    return run(x, axis, skipNaN, OrderStatistics::median);
  }

  /**
   * @param share between 0 and 1
   */
  public static double[] of(Matrix x, double share, int axis, boolean skipNaN) {
    Check.inRange(share, 0, 1, "q");
    return run(x, axis, skipNaN, (v, n, zeros) -> OrderStatistics.quantile(v, n, zeros, share));
  }

  /** Of all values together; the array is not changed. */
  public static double median(double[] values, boolean skipNaN) {
    double[] kept = values.clone();
    return of(kept, kept.length, 0, skipNaN, OrderStatistics::median);
  }

  /** Of all values together; the array is not changed. */
  public static double of(double[] values, double share, boolean skipNaN) {
    Check.inRange(share, 0, 1, "q");
    double[] kept = values.clone();
    return of(
        kept,
        kept.length,
        0,
        skipNaN,
        (v, n, zeros) -> OrderStatistics.quantile(v, n, zeros, share));
  }

  private static double of(double[] v, int n, int zeros, boolean skipNaN, Statistic statistic) {
    int kept = 0;
    for (int k = 0; k < n; k++) {
      if (!Double.isNaN(v[k])) {
        v[kept++] = v[k];
      }
    }
    return kept < n && !skipNaN ? Double.NaN : statistic.of(v, kept, zeros);
  }

  private static double[] run(Matrix x, int axis, boolean skipNaN, Statistic statistic) {
    if (axis == 1) {
      return byRow(x instanceof CscMatrix ? x.toCsr() : x, skipNaN, statistic);
    }
    if (x instanceof DenseMatrix dense) {
      return byColumn(dense, skipNaN, statistic);
    }
    return byRow(
        x instanceof CscMatrix csc ? csc.columns() : ((CsrMatrix) x).transposeToCsr(),
        skipNaN,
        statistic);
  }

  private static double[] byRow(Matrix x, boolean skipNaN, Statistic statistic) {
    double[] out = new double[x.nRows()];
    Rows rows = Rows.of(x);
    Parallel.forRange(
        x.nRows(),
        ROWS,
        (from, to) -> {
          RowReader reader = rows.reader();
          for (int i = from; i < to; i++) {
            int n = reader.load(i);
            out[i] = of(reader.values(), n, x.nCols() - n, skipNaN, statistic);
          }
        });
    return out;
  }

  private static double[] byColumn(DenseMatrix x, boolean skipNaN, Statistic statistic) {
    double[] out = new double[x.nCols()];
    Parallel.forRange(
        x.nCols(),
        TILE,
        (from, to) -> {
          int width = to - from;
          double[][] columns = new double[width][x.nRows()];
          double[] piece = new double[width];
          for (int i = 0; i < x.nRows(); i++) {
            x.readRow(i, from, width, piece);
            for (int c = 0; c < width; c++) {
              columns[c][i] = piece[c];
            }
          }
          for (int c = 0; c < width; c++) {
            out[from + c] = of(columns[c], x.nRows(), 0, skipNaN, statistic);
          }
        });
    return out;
  }
}
