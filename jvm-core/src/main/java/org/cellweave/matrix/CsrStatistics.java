package org.cellweave.matrix;

/**
 * Sums and moments of the rows and columns of a {@link CsrMatrix}, added up in float64 by groups of
 * blocks that depend on the stored values alone.
 */
final class CsrStatistics implements Statistics {
  private final CsrMatrix x;

  CsrStatistics(CsrMatrix x) {
    this.x = x;
  }

  @Override
  public double[] rowSums() {
    double[] sums = new double[x.nRows()];
    rows(sums, null);
    return sums;
  }

  @Override
  public double[] colSums() {
    return columns(false)[0];
  }

  @Override
  public Matrix.Moments colMoments(int ddof) {
    double[][] totals = columns(true);
    return moments(totals[0], totals[1], x.nRows(), ddof);
  }

  @Override
  public Matrix.Moments rowMoments(int ddof) {
    double[] sums = new double[x.nRows()];
    double[] squares = new double[x.nRows()];
    rows(sums, squares);
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
  private void rows(double[] sums, double[] squares) {
    boolean withSquares = squares != null;
    Rows all = Rows.of(x);
    all.<double[][]>inOrder(
        all.blockBounds(),
        (rows, from, to) -> {
          double[][] part = {new double[to - from], new double[withSquares ? to - from : 0]};
          rows.blocks(from, to, block -> rows(block, from, part));
          return part;
        },
        (from, part) -> {
          System.arraycopy(part[0], 0, sums, from, part[0].length);
          if (withSquares) {
            System.arraycopy(part[1], 0, squares, from, part[1].length);
          }
        });
  }

  private static void rows(CsrMatrix.Block block, int from, double[][] part) {
    for (int i = block.firstRow(); i < block.endRow(); i++) {
      part[0][i - from] = sum(block, block.start(i), block.end(i));
      if (part[1].length > 0) {
        part[1][i - from] = sumOfSquares(block, block.start(i), block.end(i));
      }
    }
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
  private double[][] columns(boolean withSquares) {
    int nCols = x.nCols();
    double[][] total = {new double[nCols], new double[withSquares ? nCols : 0]};
    Rows all = Rows.of(x);
    all.<double[][]>inOrder(
        all.blockBounds(),
        (rows, from, to) -> {
          double[] sum = new double[nCols];
          double[] square = new double[withSquares ? nCols : 0];
          rows.blocks(
              from,
              to,
              block -> {
                if (withSquares) {
                  add(block, sum, square);
                } else {
                  add(block, sum);
                }
              });
          return new double[][] {sum, square};
        },
        (from, part) -> {
          Rows.add(total[0], part[0]);
          Rows.add(total[1], part[1]);
        });
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
