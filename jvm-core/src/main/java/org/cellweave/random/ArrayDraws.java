package org.cellweave.random;

import java.util.SplittableRandom;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Arrays of random numbers: every block of places has a stream of its own, so that threads do not
 * matter.
 *
 * <p>Distributions are those of {@code numpy.random}, its bits are not.
 */
public final class ArrayDraws {
  private static final int BLOCK = 4096;

  /** What one draw of a count is limited to, so that an int holds it. */
  private static final double MOST = 1e9;

  private ArrayDraws() {}

  /** Draws one number. */
  @FunctionalInterface
  public interface Draw {
    double next(SplittableRandom random);
  }

  /** {@code n} numbers from the streams of a seed. */
  public static double[] of(int n, long seed, Draw draw) {
    double[] out = new double[Check.nonNegative(n, "size")];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          var random = Streams.of(seed, from / BLOCK);
          for (int k = from; k < to; k++) {
            out[k] = draw.next(random);
          }
        });
    return out;
  }

  /** At least {@code low}, below {@code high}. */
  public static Draw uniform(double low, double high) {
    Check.finite(low, "low");
    Check.finite(high, "high");
    return random -> low + (high - low) * random.nextDouble();
  }

  public static Draw normal(double loc, double scale) {
    Check.nonNegative(scale, "scale");
    return random -> loc + scale * random.nextGaussian();
  }

  /** Its logarithm is normal. */
  public static Draw logNormal(double mean, double sigma) {
    Check.nonNegative(sigma, "sigma");
    return random -> Elementary.exp(mean + sigma * random.nextGaussian());
  }

  public static Draw exponential(double scale) {
    Check.nonNegative(scale, "scale");
    return random -> -scale * Elementary.log1p(-random.nextDouble());
  }

  public static Draw gamma(double shape, double scale) {
    Check.positive(shape, "shape");
    Check.nonNegative(scale, "scale");
    return random -> scale * CountDistributions.gammaOfAnyShape(shape, random);
  }

  /** The share of one of two gamma numbers in both. */
  public static Draw beta(double a, double b) {
    Check.positive(a, "a");
    Check.positive(b, "b");
    return random -> {
      double x = CountDistributions.gammaOfAnyShape(a, random);
      return x / (x + CountDistributions.gammaOfAnyShape(b, random));
    };
  }

  /** At least {@code low}, below {@code high}, whole. */
  public static Draw integers(long low, long high) {
    if (high <= low) {
      throw new IllegalArgumentException("high must be above low, got " + low + " and " + high);
    }
    return random -> random.nextLong(low, high);
  }

  public static Draw poisson(double lam) {
    Check.inRange(lam, 0, MOST, "lam");
    return random -> CountDistributions.poisson(lam, random);
  }

  public static Draw binomial(int n, double p) {
    Check.nonNegative(n, "n");
    Check.inRange(p, 0, 1, "p");
    return random -> CountDistributions.binomial(n, p, random);
  }

  /** Failures before {@code n} successes: Poisson numbers whose means are gamma distributed. */
  public static Draw negativeBinomial(double n, double p) {
    Check.positive(n, "n");
    Check.inRange(p, Double.MIN_NORMAL, 1, "p");
    double odds = (1 - p) / p;
    return random -> {
      double mean = odds * CountDistributions.gammaOfAnyShape(n, random);
      return CountDistributions.poisson(Math.min(MOST, mean), random);
    };
  }
}
