package org.cellweave.clonal.prediction;

import java.util.Arrays;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * What boosting lowers, and how margins (sums over trees) become predictions.
 *
 * <p>Arrays are clones by responses, row-major.
 */
enum BoostingLoss {
  /** Root of the squared errors of a clone, summed over responses and averaged over clones. */
  SQUARED {
    @Override
    double start(double share) {
      return share;
    }

    @Override
    double gradient(double[] y, double[] margins, int from, int k, float[] g, float[] h) {
      double error = 0;
      for (int r = from; r < from + k; r++) {
        double residual = margins[r] - y[r];
        g[r] = (float) residual;
        h[r] = 1;
        error += residual * residual;
      }
      return error;
    }

    @Override
    double scaled(double sum, double[] y, int nRows) {
      return Math.sqrt(sum / nRows);
    }

    @Override
    void predict(double[] row) {}
  },
  /**
   * Minus the mean logarithm of a fate's chance, each fate of a clone weighing as its share. One
   * row with shares has the gradient of as many rows with one fate and a weight each.
   */
  SOFTMAX {
    @Override
    double start(double share) {
      return Elementary.log(share);
    }

    @Override
    double gradient(double[] y, double[] margins, int from, int k, float[] g, float[] h) {
      double[] chance = Arrays.copyOfRange(margins, from, from + k);
      predict(chance);
      double weight = 0;
      for (int r = 0; r < k; r++) {
        weight += y[from + r];
      }
      double loss = 0;
      for (int r = 0; r < k; r++) {
        double own = y[from + r];
        g[from + r] = (float) (weight * chance[r] - own);
        // the factor 2 is XGBoost's own, for steps that overshoot less
        h[from + r] = (float) Math.max(2 * weight * chance[r] * (1 - chance[r]), LEAST_CURVATURE);
        loss -= own > 0 ? own * Elementary.log(Math.max(chance[r], Double.MIN_NORMAL)) : 0;
      }
      return loss;
    }

    @Override
    double scaled(double sum, double[] y, int nRows) {
      return sum / Arrays.stream(y).sum();
    }

    @Override
    void predict(double[] row) {
      double highest = Arrays.stream(row).max().orElse(0);
      double total = 0;
      for (int r = 0; r < row.length; r++) {
        row[r] = Elementary.exp(row[r] - highest);
        total += row[r];
      }
      for (int r = 0; r < row.length; r++) {
        row[r] /= total;
      }
    }
  };

  private static final double LEAST_CURVATURE = 1e-16;
  private static final int BLOCK = 1024;

  /**
   * The margin that boosting starts from.
   *
   * @param share mean of a response; for {@link #SOFTMAX} its part of all weights
   */
  abstract double start(double share);

  /** Writes derivatives by the margins of one clone and returns its part of the loss. */
  abstract double gradient(double[] y, double[] margins, int from, int k, float[] g, float[] h);

  abstract double scaled(double sum, double[] y, int nRows);

  /** Turns the margins of one clone into predictions. */
  abstract void predict(double[] row);

  /** Margins to start from, one per response. */
  double[] starts(double[] y, int k) {
    double[] means = new double[k];
    double total = 0;
    for (int at = 0; at < y.length; at++) {
      means[at % k] += y[at];
      total += y[at];
    }
    double of = this == SOFTMAX ? total : y.length / (double) k;
    for (int r = 0; r < k; r++) {
      means[r] = start(means[r] / of);
    }
    return means;
  }

  /** Fills both derivatives and returns the loss. */
  double evaluate(double[] y, double[] margins, int k, float[] g, float[] h) {
    int nRows = y.length / k;
    double sum =
        Parallel.sum(
            nRows,
            BLOCK,
            (from, to) -> {
              double part = 0;
              for (int i = from; i < to; i++) {
                part += gradient(y, margins, i * k, k, g, h);
              }
              return part;
            });
    return scaled(sum, y, nRows);
  }

  DenseMatrix predictions(DenseMatrix margins) {
    DenseMatrix out = margins.copy();
    double[] row = new double[out.nCols()];
    for (int i = 0; i < out.nRows(); i++) {
      out.readRow(i, row);
      predict(row);
      out.setRow(i, row);
    }
    return out;
  }
}
