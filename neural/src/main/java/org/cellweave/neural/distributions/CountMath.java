package org.cellweave.neural.distributions;

import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.LogBeta;
import org.apache.commons.numbers.gamma.LogGamma;
import org.cellweave.util.Elementary;

/**
 * Log likelihoods of single counts, in float64, and the gamma functions of counts.
 *
 * <p>Everywhere {@link #EPSILON} keeps logarithms finite, as scvi-tools does, so that values can be
 * compared.
 */
public final class CountMath {
  public static final double EPSILON = 1e-8;

  /** Up to this count sums of logarithms are cheaper than gamma functions. */
  private static final int SMALL = 16;

  /** Below, differences of gamma functions keep enough digits; above, asymptotic series do. */
  private static final double LARGE = 2000;

  private CountMath() {}

  /**
   * Negative binomial.
   *
   * @param x count, not negative
   * @param mu expectation
   * @param theta dispersion: the variance is {@code mu + mu^2 / theta}
   */
  public static double negativeBinomial(double x, double mu, double theta) {
    double zero = logZero(mu, theta);
    double share = (mu + EPSILON) / (theta + mu + EPSILON);
    return x == 0 ? zero : zero + x * Elementary.log(share) + logRising(x, theta);
  }

  /** Logarithm of the probability of no count, also where the dispersion is far above the mean. */
  private static double logZero(double mu, double theta) {
    double total = theta + mu + EPSILON;
    double log =
        mu < theta ? Elementary.log1p(-mu / total) : Elementary.log((theta + EPSILON) / total);
    return theta * log;
  }

  /**
   * Negative binomial with additional zeros.
   *
   * @param logit logit of the probability of such a zero
   */
  public static double zeroInflated(double x, double mu, double theta, double logit) {
    double none = softplus(-logit);
    if (x < EPSILON) {
      return softplus(logZero(mu, theta) - logit) - none;
    }
    return negativeBinomial(x, mu, theta) - logit - none;
  }

  public static double poisson(double x, double rate) {
    double part = x == 0 ? 0 : x * Elementary.log(rate);
    return part - rate - logFactorial(x);
  }

  /** {@code lgamma(x + theta) - lgamma(theta) - lgamma(x + 1)}. */
  public static double logRising(double x, double theta) {
    if (x <= SMALL && x == Math.rint(x)) {
      double product = 1;
      for (int k = 0; k < x; k++) {
        product *= (theta + k) / (k + 1);
      }
      if (product > 1e-280) {
        return Elementary.log(product);
      }
    }
    double positive = Math.max(theta, Double.MIN_NORMAL);
    if (x < LARGE && theta < LARGE) {
      return LogGamma.value(x + theta) - LogGamma.value(positive) - logFactorial(x);
    }
    // slower, but keeps the digits that differences of large numbers lose
    return -LogBeta.value(x, positive) - Elementary.log(x);
  }

  /** {@code digamma(x + theta) - digamma(theta)}. */
  public static double digammaRising(double x, double theta) {
    if (x <= SMALL && x == Math.rint(x)) {
      double sum = 0;
      for (int k = 0; k < x; k++) {
        sum += 1 / (theta + k);
      }
      return sum;
    }
    if (theta >= LARGE) {
      return digammaOfLarge(x, theta);
    }
    return Digamma.value(x + theta) - Digamma.value(theta);
  }

  /** Difference of the asymptotic series, whose next terms are below 1e-15. */
  private static double digammaOfLarge(double x, double theta) {
    double sum = x + theta;
    double first = x / (2 * theta * sum);
    return Elementary.log1p(x / theta) + first + first * (theta + sum) / (6 * theta * sum);
  }

  public static double logFactorial(double x) {
    return LogGamma.value(x + 1);
  }

  /** {@code log(1 + exp(x))}. */
  public static double softplus(double x) {
    return x > 0 ? x + Elementary.log1p(Elementary.exp(-x)) : Elementary.log1p(Elementary.exp(x));
  }

  public static double sigmoid(double x) {
    return 1 / (1 + Elementary.exp(-x));
  }
}
