package org.cellweave.random;

import java.util.random.RandomGenerator;
import org.cellweave.util.Elementary;

/** Draws from the gamma, Poisson and binomial distributions. */
public final class CountDistributions {
  /** Above this mean Poisson draws use transformed rejection instead of inversion. */
  private static final double INVERSION_LIMIT = 10;

  /** Up to so many trials each is drawn by itself. */
  private static final int FEW_TRIALS = 24;

  private static final double LEAST_MASS = Double.MIN_NORMAL;

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
      if (Elementary.log(u) < 0.5 * x * x + d - d * v + d * Elementary.log(v)) {
        return d * v;
      }
    }
  }

  /** Gamma with mean {@code shape}; below 1 from one of a larger shape, as the same paper says. */
  public static double gammaOfAnyShape(double shape, RandomGenerator random) {
    return shape >= 1
        ? gamma(shape, random)
        : gamma(shape + 1, random) * Elementary.pow(1 - random.nextDouble(), 1 / shape);
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
    double p = Elementary.exp(-mean);
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
      double left = Elementary.log(v * inverseAlpha / (a / (us * us) + b));
      if (left <= k * Elementary.log(mean) - mean - logFactorial(k)) {
        return (int) k;
      }
    }
  }

  /** Binomial, exact for any number of trials; probabilities outside [0, 1] count as its ends. */
  public static int binomial(int trials, double probability, RandomGenerator random) {
    if (probability >= 1 || trials == 0) {
      return trials;
    }
    if (probability <= 0) {
      return 0;
    }
    if (trials <= FEW_TRIALS) {
      int kept = 0;
      for (int k = 0; k < trials; k++) {
        if (random.nextDouble() < probability) {
          kept++;
        }
      }
      return kept;
    }
    return fromMode(trials, probability, random.nextDouble());
  }

  /** By inversion, from the most probable number outwards: about as many steps as deviations. */
  static int fromMode(int n, double p, double uniform) {
    int mode = (int) Math.min(n, Math.floor((n + 1) * p));
    double atMode =
        Elementary.exp(
            logFactorial(n)
                - logFactorial(mode)
                - logFactorial(n - mode)
                + mode * Elementary.log(p)
                + (n - mode) * Elementary.log1p(-p));
    double odds = p / (1 - p);
    double left = uniform - atMode;
    if (left < 0) {
      return mode;
    }
    int below = mode;
    int above = mode;
    double massBelow = atMode;
    double massAbove = atMode;
    // masses vanish long before all numbers are seen; what rounding left over is the mode
    while ((above < n && massAbove > LEAST_MASS) || (below > 0 && massBelow > LEAST_MASS)) {
      if (above < n) {
        massAbove *= odds * (n - above) / (above + 1.0);
        above++;
        left -= massAbove;
        if (left < 0) {
          return above;
        }
      }
      if (below > 0) {
        massBelow *= below / (odds * (n - below + 1.0));
        below--;
        left -= massBelow;
        if (left < 0) {
          return below;
        }
      }
    }
    return mode;
  }

  /** Stirling's series; exact to 1e-9 for the k of a mean above 10, by recurrence below 10. */
  private static double logFactorial(double k) {
    double shift = 0;
    double n = k + 1;
    while (n < 10) {
      shift -= Elementary.log(n);
      n++;
    }
    return shift
        + (n - 0.5) * Elementary.log(n)
        - n
        + 0.5 * Elementary.log(2 * Math.PI)
        + 1 / (12 * n)
        - 1 / (360 * n * n * n)
        + 1 / (1260 * Elementary.pow(n, 5));
  }
}
