package org.cellweave.clonal.embedding;

import java.util.Arrays;
import org.cellweave.linalg.FastExponential;
import org.cellweave.linalg.Lbfgs;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Mean negative logarithm of the chance of a pair, {@code p(j | i) = softmax_j(u_i v_j + b_j)}, and
 * its gradient, over all pairs that the counts stand for.
 *
 * <p>Parameters lie one after another: u by rows, then v by dimensions (so that inner loops run
 * over clones), then b. Rows are cut into parts by their number alone and parts are added up in
 * order, so that no bit depends on the number of threads. Cost: {@code 6 n m d} and {@code n m}
 * exponentials; memory of at most 32 copies of v.
 */
final class SoftmaxLoss implements Lbfgs.Objective {
  private static final int MAX_PARTS = 32;
  private static final int MIN_PART_ROWS = 16;

  private final ContextCounts data;
  private final int d;
  private final double ridge;

  /** What one count of a row weighs; the weights of all counts sum to one. */
  private final double[] weight;

  private final int partRows;

  /**
   * @param ridge half of it times the mean squares of the rows of u and v is added
   * @param equalRows whether all rows weigh the same; otherwise each weighs as its counts
   */
  SoftmaxLoss(ContextCounts data, int d, double ridge, boolean equalRows) {
    this.data = data;
    this.d = d;
    this.ridge = ridge;
    this.weight = new double[data.nRows];
    long filled = Arrays.stream(data.rowTotals).filter(t -> t > 0).count();
    for (int i = 0; i < data.nRows; i++) {
      double share = equalRows ? data.rowTotals[i] * filled : data.total;
      weight[i] = data.rowTotals[i] > 0 ? 1 / share : 0;
    }
    this.partRows = Math.max(MIN_PART_ROWS, Parallel.nBlocks(data.nRows, MAX_PARTS));
  }

  /** Number of parameters. */
  static int size(ContextCounts data, int d) {
    return (data.nRows + data.nCols) * d + data.nCols;
  }

  int size() {
    return size(data, d);
  }

  int offsetOfContext() {
    return data.nRows * d;
  }

  int offsetOfBias() {
    return (data.nRows + data.nCols) * d;
  }

  @Override
  public double at(double[] x, double[] gradient) {
    Arrays.fill(gradient, 0);
    var parts =
        Parallel.map(
            Parallel.nBlocks(data.nRows, partRows),
            p -> {
              var part = new Part(x, gradient);
              int end = Math.min(data.nRows, (p + 1) * partRows);
              for (int i = p * partRows; i < end; i++) {
                part.add(i);
              }
              return part;
            });
    double loss = 0;
    int context = offsetOfContext();
    for (Part part : parts) {
      loss += part.loss;
      for (int k = 0; k < part.shared.length; k++) {
        gradient[context + k] += part.shared[k];
      }
    }
    return loss + penalty(x, gradient);
  }

  /** The mean loss without the penalty, to the bit; a third of the work of its gradient. */
  double value(double[] x) {
    return Parallel.sum(
        data.nRows,
        partRows,
        (from, to) -> {
          var row = new Row(x);
          double sum = 0;
          for (int i = from; i < to; i++) {
            sum += row.loss(i);
          }
          return sum;
        });
  }

  private double penalty(double[] x, double[] gradient) {
    if (ridge == 0) {
      return 0;
    }
    double squares = 0;
    for (int k = 0; k < offsetOfBias(); k++) {
      double scale = ridge / (k < offsetOfContext() ? data.nRows : data.nCols);
      squares += scale * x[k] * x[k];
      gradient[k] += scale * x[k];
    }
    return squares / 2;
  }

  /** The scores of one row at a time. */
  private final class Row {
    private final double[] x;

    /** After {@link #loss}: exponentials of the scores, less the largest. */
    private final double[] chances = new double[data.nCols];

    private double sum;

    Row(double[] x) {
      this.x = x;
    }

    /** The part of the mean loss that row i has. */
    double loss(int i) {
      if (weight[i] == 0) {
        return 0;
      }
      int m = data.nCols;
      System.arraycopy(x, offsetOfBias(), chances, 0, m);
      for (int c = 0; c < d; c++) {
        RowKernels.plus(chances, x[i * d + c], x, offsetOfContext() + c * m, m);
      }
      double most = RowKernels.largest(chances, m);
      double met = 0;
      for (int p = data.start[i]; p < data.start[i + 1]; p++) {
        met += data.counts[p] * chances[data.at[p]];
      }
      FastExponential.ofShifted(chances, m, most);
      sum = RowKernels.sum(chances, m);
      return weight[i] * (data.rowTotals[i] * (most + Elementary.log(sum)) - met);
    }
  }

  /** Sums over some rows; the gradient of their own coordinates goes where it belongs at once. */
  private final class Part {
    private final Row row;
    private final double[] gradient;

    /** The gradient of v and b. */
    private final double[] shared = new double[data.nCols * (d + 1)];

    private double loss;

    Part(double[] x, double[] gradient) {
      this.row = new Row(x);
      this.gradient = gradient;
    }

    void add(int i) {
      if (weight[i] == 0) {
        return;
      }
      int m = data.nCols;
      loss += row.loss(i);
      double[] slopes = row.chances;
      RowKernels.scale(slopes, weight[i] * data.rowTotals[i] / row.sum, m);
      for (int p = data.start[i]; p < data.start[i + 1]; p++) {
        slopes[data.at[p]] -= weight[i] * data.counts[p];
      }
      for (int c = 0; c < d; c++) {
        gradient[i * d + c] = RowKernels.dot(slopes, row.x, offsetOfContext() + c * m, m);
        RowKernels.plusTo(shared, c * m, row.x[i * d + c], slopes, m);
      }
      RowKernels.plusTo(shared, d * m, 1, slopes, m);
    }
  }
}
