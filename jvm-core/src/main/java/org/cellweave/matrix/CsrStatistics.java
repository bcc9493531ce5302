package org.cellweave.matrix;

import org.cellweave.util.Parallel;

/**
 * Sums and moments of the rows and columns of a {@link CsrMatrix}, added up in float64 by groups of
 * blocks that depend on the stored values alone.
 */
final class CsrStatistics {
  private CsrStatistics() {}

  static double[] rowSums(CsrMatrix x) {
    double[] sums = new double[x.nRows()];
    rows(x, sums, null);
    return sums;
  }

  static double[] colSums(CsrMatrix x) {
    return columns(x, false)[0];
  }

  static Matrix.Moments colMoments(CsrMatrix x, int ddof) {
    double[][] totals = columns(x, true);
    return moments(totals[0], totals[1], x.nRows(), ddof);
  }

  static Matrix.Moments rowMoments(CsrMatrix x, int ddof) {
    double[] sums = new double[x.nRows()];
    double[] squares = new double[x.nRows()];
    rows(x, sums, squares);
    return moments(sums, squares, x.nCols(), ddof);
  }

  private static Matrix.Moments moments(double[] sums, double[] squares, int n, int ddof) {
    double[] mean = new double[sums.length];
    double[] variance = new double[sums.length];
    for (int j = 0; j < sums.length; j++) {
      mean[j] = sums[j] / n;
      variance[j] = Math.max(0, squares[j] - mean[j] * sums[j]) / (n - ddof);
    }
    return new Matrix.Moments(mean, variance);
  }

  /**
   * @param squares null where they are not asked for
   */
  private static void rows(CsrMatrix x, double[] sums, double[] squares) {
    x.forBlocks(
        from -> {
          for (int i = from.firstRow(); i < from.endRow(); i++) {
            sums[i] = sum(from, from.start(i), from.end(i));
            if (squares != null) {
              squares[i] = sumOfSquares(from, from.start(i), from.end(i));
            }
          }
        });
  }

  private static double sum(CsrMatrix.Block block, int from, int to) {
    float[] narrow = block.values();
    double[] wide = block.wideValues();
    double sum = 0;
    for (int p = from; p < to; p++) {
      sum += narrow != null ? narrow[p] : wide[p];
    }
    return sum;
  }

  private static double sumOfSquares(CsrMatrix.Block block, int from, int to) {
    float[] narrow = block.values();
    double[] wide = block.wideValues();
    double sum = 0;
    for (int p = from; p < to; p++) {
      double v = narrow != null ? narrow[p] : wide[p];
      sum += v * v;
    }
    return sum;
  }

  /** Sums, and sums of squares or an empty array. */
  private static double[][] columns(CsrMatrix x, boolean withSquares) {
    int[] bounds = x.groupBounds();
    int nCols = x.nCols();
    var parts =
        Parallel.map(
            bounds.length - 1,
            g -> {
              double[] sum = new double[nCols];
              double[] square = new double[withSquares ? nCols : 0];
              for (int b = bounds[g]; b < bounds[g + 1]; b++) {
                if (withSquares) {
                  add(x.block(b), sum, square);
                } else {
                  add(x.block(b), sum);
                }
              }
              return new double[][] {sum, square};
            });
    double[][] total = {new double[nCols], new double[withSquares ? nCols : 0]};
    for (double[][] part : parts) {
      for (int s = 0; s < 2; s++) {
        for (int j = 0; j < part[s].length; j++) {
          total[s][j] += part[s][j];
        }
      }
    }
    return total;
  }

  private static void add(CsrMatrix.Block block, double[] sum) {
    int[] indices = block.indices();
    float[] narrow = block.values();
    double[] wide = block.wideValues();
    for (int p = 0; p < indices.length; p++) {
      sum[indices[p]] += narrow != null ? narrow[p] : wide[p];
    }
  }

  private static void add(CsrMatrix.Block block, double[] sum, double[] square) {
    int[] indices = block.indices();
    float[] narrow = block.values();
    double[] wide = block.wideValues();
    for (int p = 0; p < indices.length; p++) {
      double v = narrow != null ? narrow[p] : wide[p];
      sum[indices[p]] += v;
      square[indices[p]] += v * v;
    }
  }
}
