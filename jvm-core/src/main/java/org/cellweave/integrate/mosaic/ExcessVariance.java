package org.cellweave.integrate.mosaic;

import org.cellweave.preprocess.Loess;

/** How far the variances of features lie above what is usual at their means. */
final class ExcessVariance {
  private static final double SPAN = 0.3;

  private ExcessVariance() {}

  /** One for every column, of the values before they were scaled. */
  static double[] of(StandardisedFeatures values, int[] columns) {
    double[] mean = new double[columns.length];
    double[] variance = new double[columns.length];
    for (int c = 0; c < columns.length; c++) {
      mean[c] = values.mean(columns[c]);
      variance[c] = values.variance(columns[c]);
    }
    double[] usual = Loess.fit(mean, variance, SPAN);
    for (int c = 0; c < columns.length; c++) {
      variance[c] -= usual[c];
    }
    return variance;
  }
}
