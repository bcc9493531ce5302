package org.cellweave.neural.distributions;

import java.util.SplittableRandom;
import org.apache.commons.numbers.gamma.LogGamma;

/** Draws from binomial distributions, exact for any number of trials. */
public final class Binomial {
  private static final int SMALL = 24;
  private static final double LEAST = Double.MIN_NORMAL;

  private Binomial() {}

  public static int draw(int trials, double probability, SplittableRandom random) {
    if (probability >= 1 || trials == 0) {
      return trials;
    }
    if (probability <= 0) {
      return 0;
    }
    if (trials <= SMALL) {
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
        Math.exp(
            LogGamma.value(n + 1.0)
                - LogGamma.value(mode + 1.0)
                - LogGamma.value(n - mode + 1.0)
                + mode * Math.log(p)
                + (n - mode) * Math.log1p(-p));
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
    while ((above < n && massAbove > LEAST) || (below > 0 && massBelow > LEAST)) {
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
}
