package org.cellweave.preprocess;

import java.util.SplittableRandom;
import org.cellweave.util.Elementary;

/**
 * Exact draws of how many marked balls come out of an urn, with and without putting them back.
 *
 * <p>By inversion, walking outwards from the most likely number: O(standard deviation) steps.
 */
final class CountDraws {
  private static final double HALF_LOG_TWO_PI = 0.5 * Elementary.log(2 * Math.PI);
  private static final int TABLE = 64;

  /** Below this the probabilities still to come are less than the rounding of those before. */
  private static final double NEGLIGIBLE = 1e-25;

  private static final double[] LOG_FACTORIAL = new double[TABLE];

  static {
    for (int k = 2; k < TABLE; k++) {
      LOG_FACTORIAL[k] = LOG_FACTORIAL[k - 1] + StrictMath.log(k);
    }
  }

  private CountDraws() {}

  /** Marked balls among {@code draws} taken without replacement from {@code total}. */
  static long hypergeometric(long marked, long total, long draws, SplittableRandom random) {
    long low = Math.max(0, draws - (total - marked));
    long high = Math.min(marked, draws);
    if (low == high) {
      return low;
    }
    long rest = total - marked - draws;
    long mode =
        Math.max(low, Math.min(high, (long) ((draws + 1.0) * ((marked + 1.0) / (total + 2.0)))));
    double p =
        StrictMath.exp(
            logChoose(marked, mode)
                + logChoose(total - marked, draws - mode)
                - logChoose(total, draws));
    double u = random.nextDouble();
    double up = p;
    double down = p;
    long above = mode;
    long below = mode;
    u -= p;
    while (u > 0 && up + down > NEGLIGIBLE) {
      if (above < high && (up >= down || below == low)) {
        up *=
            ((double) (marked - above) / (above + 1))
                * ((double) (draws - above) / (rest + above + 1));
        above++;
        u -= up;
        if (u <= 0) {
          return above;
        }
      } else if (below > low) {
        down *=
            ((double) below / (marked - below + 1))
                * ((double) (rest + below) / (draws - below + 1));
        below--;
        u -= down;
        if (u <= 0) {
          return below;
        }
      } else {
        break;
      }
    }
    return mode;
  }

  /** Successes among {@code draws} of probability {@code share} each. */
  static long binomial(long draws, double share, SplittableRandom random) {
    if (draws == 0 || share <= 0) {
      return 0;
    }
    if (share >= 1) {
      return draws;
    }
    long mode = Math.min(draws, (long) ((draws + 1) * share));
    double odds = share / (1 - share);
    double p =
        StrictMath.exp(
            logChoose(draws, mode)
                + mode * StrictMath.log(share)
                + (draws - mode) * StrictMath.log1p(-share));
    double u = random.nextDouble();
    double up = p;
    double down = p;
    long above = mode;
    long below = mode;
    u -= p;
    while (u > 0 && up + down > NEGLIGIBLE) {
      if (above < draws && (up >= down || below == 0)) {
        up *= odds * (draws - above) / (above + 1);
        above++;
        u -= up;
        if (u <= 0) {
          return above;
        }
      } else if (below > 0) {
        down *= below / (odds * (draws - below + 1));
        below--;
        u -= down;
        if (u <= 0) {
          return below;
        }
      } else {
        break;
      }
    }
    return mode;
  }

  static double logChoose(long n, long k) {
    return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  }

  /** Stirling's series beyond a table. */
  private static double logFactorial(long n) {
    if (n < TABLE) {
      return LOG_FACTORIAL[(int) n];
    }
    double x = n;
    double inverse = 1 / x;
    double square = inverse * inverse;
    return (x + 0.5) * StrictMath.log(x)
        - x
        + HALF_LOG_TWO_PI
        + inverse * (1.0 / 12 - square * (1.0 / 360 - square / 1260));
  }
}
