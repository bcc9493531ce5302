package org.cellweave.neural.fused;

import org.cellweave.neural.distributions.CountMath;
import org.cellweave.util.Elementary;

/**
 * What counts above zero add to the logarithm of a negative binomial likelihood: {@code x
 * log(share) + log(rising(x, theta))}, summed over counts. Small counts, nearly all, have their
 * likelihoods multiplied, and the logarithm is taken of the product.
 */
final class CountedTerms {
  private static final int SMALL = 16;
  private static final double LEAST = 1e-140;
  private static final double MOST = 1e140;
  private static final double[] INVERSE = new double[SMALL + 1];

  static {
    for (int k = 1; k <= SMALL; k++) {
      INVERSE[k] = 1.0 / k;
    }
  }

  private double product = 1;
  private double sum;

  /**
   * Adds one count.
   *
   * @param share {@code mu / (mu + theta)}
   * @return {@code digamma(x + theta) - digamma(theta)}
   */
  double add(double x, double theta, double share) {
    int n = (int) x;
    if (n != x || n > SMALL || theta > MOST) {
      sum += x * Elementary.log(share) + CountMath.logRising(x, theta);
      return CountMath.digammaRising(x, theta);
    }
    // the sum of 1 / (theta + k) as one fraction
    double numerator = 1;
    double denominator = theta;
    double likelihood = share * theta;
    for (int k = 1; k < n; k++) {
      double factor = theta + k;
      numerator = numerator * factor + denominator;
      denominator *= factor;
      likelihood *= share * factor * INVERSE[k + 1];
    }
    if (!(likelihood > LEAST && likelihood < MOST && denominator < MOST && theta > LEAST)) {
      sum += x * Elementary.log(share) + CountMath.logRising(x, theta);
      return CountMath.digammaRising(x, theta);
    }
    times(likelihood);
    return numerator / denominator;
  }

  /** Multiplies the likelihood by a factor between 1e-140 and 1e140. */
  void times(double factor) {
    product *= factor;
    if (product < LEAST || product > MOST) {
      sum += Elementary.log(product);
      product = 1;
    }
  }

  /** Takes the sum and begins anew. */
  double take() {
    double all = sum + Elementary.log(product);
    sum = 0;
    product = 1;
    return all;
  }
}
