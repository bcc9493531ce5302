package org.cellweave.diffexp.pseudobulk;

import java.util.Arrays;
import org.apache.commons.numbers.gamma.RegularizedBeta;

/**
 * How much single counts move the coefficients of their gene (Cook 1977): squared Pearson residuals
 * and leverages, with a dispersion that wild counts do not inflate.
 *
 * <p>Samples with the same row of the design are replicates; where three are, counts beyond the 99
 * % quantile of an F distribution are outliers. Keeps buffers, so that every thread needs its own.
 */
final class CooksDistance {
  private static final double QUANTILE = 0.99;
  private static final double LEAST_DISPERSION = 0.04;

  /** Replicates from which on a count can be called an outlier. */
  static final int REPLICATES = 3;

  private static final double REPLACEMENT_TRIM = 0.2;

  private final SampleDesign design;
  private final double[] normalised;
  private final double[] values;
  private final double[] hat;

  CooksDistance(SampleDesign design) {
    this.design = design;
    this.normalised = new double[design.n];
    this.values = new double[design.n];
    this.hat = new double[design.n];
  }

  /** Distances of all samples for the gene that {@code glm} has fitted last. */
  double[] of(double[] y, NegativeBinomialGlm glm, double alpha) {
    glm.hat(alpha, hat);
    double robust = dispersion(y);
    double[] out = new double[design.n];
    for (int i = 0; i < design.n; i++) {
      double mu = glm.mu()[i];
      double residual = (y[i] - mu) * (y[i] - mu) / (mu + robust * mu * mu);
      out[i] = residual / design.p * hat[i] / ((1 - hat[i]) * (1 - hat[i]));
    }
    return out;
  }

  /** By moments, of a variance from trimmed means. */
  private double dispersion(double[] y) {
    double mean = 0;
    for (int i = 0; i < design.n; i++) {
      normalised[i] = y[i] / design.sizeFactors[i];
      mean += normalised[i] / design.n;
    }
    double variance = 0;
    boolean replicated = false;
    for (int[] group : design.replicates) {
      if (group.length >= REPLICATES) {
        replicated = true;
        variance = Math.max(variance, variance(group));
      }
    }
    if (!replicated) {
      variance = variance(Trim.EIGHTH);
    }
    return Math.max(LEAST_DISPERSION, (variance - mean) / (mean * mean));
  }

  private double variance(int[] group) {
    Trim trim = group.length <= 3 ? Trim.THIRD : group.length <= 23 ? Trim.QUARTER : Trim.EIGHTH;
    return variance(group, trim);
  }

  private double variance(Trim trim) {
    int[] all = new int[design.n];
    Arrays.setAll(all, i -> i);
    return variance(all, trim);
  }

  private double variance(int[] group, Trim trim) {
    for (int k = 0; k < group.length; k++) {
      values[k] = normalised[group[k]];
    }
    double centre = Robust.trimmedMean(values, group.length, trim.share);
    for (int k = 0; k < group.length; k++) {
      double residual = normalised[group[k]] - centre;
      values[k] = residual * residual;
    }
    return trim.scale * Robust.trimmedMean(values, group.length, trim.share);
  }

  /**
   * How much is cut at either end, and what makes the trimmed mean of squares of normal values
   * their variance.
   */
  private enum Trim {
    THIRD(1.0 / 3, 2.04),
    QUARTER(1.0 / 4, 1.86),
    EIGHTH(1.0 / 8, 1.51);

    final double share;
    final double scale;

    Trim(double share, double scale) {
      this.share = share;
      this.scale = scale;
    }
  }

  /** Samples that have at least so many replicates, themselves included. */
  static boolean[] replicated(SampleDesign design, int least) {
    boolean[] out = new boolean[design.n];
    for (int[] group : design.replicates) {
      for (int i : group) {
        out[i] = group.length >= least;
      }
    }
    return out;
  }

  /** What a count of every sample would be if the gene were the same in all, rounded down. */
  double[] expected(double[] y) {
    for (int i = 0; i < design.n; i++) {
      values[i] = y[i] / design.sizeFactors[i];
    }
    double centre = Robust.trimmedMean(values, design.n, REPLACEMENT_TRIM);
    double[] out = new double[design.n];
    Arrays.setAll(out, i -> Math.floor(centre * design.sizeFactors[i]));
    return out;
  }

  /** The distance beyond which a count is an outlier. */
  static double cutoff(int p, int n) {
    double low = 0;
    double high = 1;
    for (int k = 0; k < 200; k++) {
      double middle = (low + high) / 2;
      if (RegularizedBeta.value(middle, p / 2.0, (n - p) / 2.0) < QUANTILE) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low * (n - p) / (p * (1 - low));
  }
}
