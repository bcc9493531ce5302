package org.cellweave.integrate.harmony;

import org.cellweave.matrix.DenseMatrix;

/**
 * Sum, mean and covariance of cells that count with a weight each.
 *
 * <p>The covariance is divided by {@code W - sum(w^2) / W}, {@code W} the sum of the weights: by
 * {@code n - 1} where all weights are one. It is zero where that is not positive.
 */
final class WeightedMoments {
  final double weight;
  final double[] mean;

  /** Symmetric, row-major. */
  final double[] covariance;

  /** Weights of cells, asked for in their order. */
  @FunctionalInterface
  interface Weights {
    double of(int cell);
  }

  WeightedMoments(DenseMatrix cells, Weights weights) {
    int dims = cells.nCols();
    this.mean = new double[dims];
    this.covariance = new double[dims * dims];
    double[] row = new double[dims];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < cells.nRows(); i++) {
      double w = weights.of(i);
      if (w == 0) {
        continue;
      }
      cells.readRow(i, row);
      sum += w;
      squares += w * w;
      for (int c = 0; c < dims; c++) {
        mean[c] += w * row[c];
      }
    }
    this.weight = sum;
    if (sum > 0) {
      for (int c = 0; c < dims; c++) {
        mean[c] /= sum;
      }
      double degrees = sum - squares / sum;
      if (degrees > 0) {
        addSpread(cells, weights, degrees);
      }
    }
  }

  private void addSpread(DenseMatrix cells, Weights weights, double degrees) {
    int dims = mean.length;
    double[] row = new double[dims];
    for (int i = 0; i < cells.nRows(); i++) {
      double w = weights.of(i);
      if (w == 0) {
        continue;
      }
      cells.readRow(i, row);
      for (int a = 0; a < dims; a++) {
        row[a] -= mean[a];
        double scaled = w * row[a];
        for (int b = 0; b <= a; b++) {
          covariance[a * dims + b] += scaled * row[b];
        }
      }
    }
    for (int a = 0; a < dims; a++) {
      for (int b = 0; b <= a; b++) {
        double value = covariance[a * dims + b] / degrees;
        covariance[a * dims + b] = value;
        covariance[b * dims + a] = value;
      }
    }
  }
}
