package org.cellweave.inference;

import org.cellweave.matrix.AxisReductions;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Quantiles;
import org.cellweave.util.Elementary;

/** Numbers of one sample that robust thresholds and rescaled values are made of. */
public final class Scores {
  /** Median distance from the median of a normal distribution with deviation 1. */
  public static final double NORMAL_MAD = 0.6744897501960817;

  private Scores() {}

  /**
   * Distance of every value from the mean, in standard deviations; NaN of a constant.
   *
   * @param ddof what the number of values is lessened by under the variance
   */
  public static double[] z(double[] values, int ddof) {
    double[] scores = new double[values.length];
    if (values.length == 0) {
      return scores;
    }
    double mean = AxisReductions.total(values) / values.length;
    double variance =
        AxisReductions.variance(
            DenseMatrix.wrap(values, 1, values.length), 1, AxisReductions.ddof(ddof))[0];
    double deviation = CorrelationTest.isConstant(values) ? Double.NaN : Math.sqrt(variance);
    for (int k = 0; k < scores.length; k++) {
      scores[k] = (values[k] - mean) / deviation;
    }
    return scores;
  }

  /**
   * Median distance from the median; NaN of none and where a value is NaN.
   *
   * @param scale what it is divided by
   */
  public static double medianAbsDeviation(double[] values, double scale) {
    double middle = Quantiles.median(values, false);
    double[] distances = new double[values.length];
    for (int k = 0; k < distances.length; k++) {
      distances[k] = Math.abs(values[k] - middle);
    }
    return Quantiles.median(distances, false) / scale;
  }

  /** Root of the product of all; NaN where one is negative. */
  public static double geometricMean(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += Elementary.log(v);
    }
    return Elementary.exp(sum / values.length);
  }
}
