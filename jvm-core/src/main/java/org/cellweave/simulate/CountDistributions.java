package org.cellweave.simulate;

import java.util.random.RandomGenerator;

/** Draws from the gamma and Poisson distributions. */
public final class CountDistributions {
  /** Above this mean Poisson draws use transformed rejection instead of inversion. */
  private static final double INVERSION_LIMIT = 10;

  private CountDistributions() {}

  /**
   * Gamma with mean {@code shape} for {@code shape >= 1}, by Marsaglia and Tsang 2000 (doi
   * 10.1145/358407.358414).
   */
  public static double gamma(double shape, RandomGenerator random) {
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = 1 + c * x;
      if (v <= 0) {
        continue;
      }
      v = v * v * v;
      double u = random.nextDouble();
      if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }

  /** Gamma with mean {@code shape}; below 1 from one of a larger shape, as the same paper says. */
  public static double gammaOfAnyShape(double shape, RandomGenerator random) {
    return shape >= 1
        ? gamma(shape, random)
        : gamma(shape + 1, random) * Math.pow(1 - random.nextDouble(), 1 / shape);
  }

  /**
   * @param mean at most 1e9, so that an int holds what is drawn
   */
  public static int poisson(double mean, RandomGenerator random) {
    if (mean <= 0) {
      return 0;
    }
    return mean < INVERSION_LIMIT ? byInversion(mean, random) : byRejection(mean, random);
  }

  private static int byInversion(double mean, RandomGenerator random) {
    double u = random.nextDouble();
    double p = Math.exp(-mean);
    double cumulative = p;
    int k = 0;
    while (u > cumulative && k < 200) {
      k++;
      p *= mean / k;
      cumulative += p;
    }
    return k;
  }

  /** Hoermann's PTRS 1993, doi 10.1016/0167-6687(93)90997-4. */
  private static int byRejection(double mean, RandomGenerator random) {
    double b = 0.931 + 2.53 * Math.sqrt(mean);
    double a = -0.059 + 0.02483 * b;
    double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    double vr = 0.9277 - 3.6224 / (b - 2);
    while (true) {
      double u = random.nextDouble() - 0.5;
      double v = random.nextDouble();
      double us = 0.5 - Math.abs(u);
      double k = Math.floor((2 * a / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= vr) {
        return (int) k;
      }
      if (k < 0 || (us < 0.013 && v > us)) {
        continue;
      }
      double left = Math.log(v * inverseAlpha / (a / (us * us) + b));
      if (left <= k * Math.log(mean) - mean - logFactorial(k)) {
        return (int) k;
      }
    }
  }

  /** Stirling's series; exact to 1e-9 for the k of a mean above 10, by recurrence below 10. */
  private static double logFactorial(double k) {
    double shift = 0;
    double n = k + 1;
    while (n < 10) {
      shift -= Math.log(n);
      n++;
    }
    return shift
        + (n - 0.5) * Math.log(n)
        - n
        + 0.5 * Math.log(2 * Math.PI)
        + 1 / (12 * n)
        - 1 / (360 * n * n * n)
        + 1 / (1260 * Math.pow(n, 5));
  }
}
