package org.cellweave.matrix;

import java.io.Serializable;

/**
 * Sums over some rows, one of each kind for every column.
 *
 * @param sum of the values
 * @param squares of the values
 * @param counted what the kernel counts, such as values that are not zero
 */
public record ColumnSums(double[] sum, double[] squares, int[] counted) implements Serializable {
  public ColumnSums(int nCols) {
    this(new double[nCols], new double[nCols], new int[nCols]);
  }

  public void add(int j, double v) {
    sum[j] += v;
    squares[j] += v * v;
  }

  public void addAll(ColumnSums other) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += other.sum[j];
      squares[j] += other.squares[j];
      counted[j] += other.counted[j];
    }
  }

  public boolean isFinite() {
    double total = 0;
    for (double square : squares) {
      total += 0 * square;
    }
    return total == 0;
  }

  /**
   * @param n number of rows
   */
  public double mean(int j, int n) {
    return sum[j] / n;
  }

  /**
   * Divided by {@code n - 1}. A difference within rounding of the squares is zero, so that a
   * constant column has no variance.
   *
   * @param n number of rows
   */
  public double variance(int j, int n) {
    double centred = squares[j] - sum[j] / n * sum[j];
    return centred <= 1e-13 * squares[j] ? 0 : centred / (n - 1);
  }
}
