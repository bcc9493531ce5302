package org.cellweave.distribution;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.random.Streams;
import org.cellweave.util.Check;
import org.cellweave.util.Median;
import org.cellweave.util.Parallel;
import org.cellweave.util.Quantile;

/**
 * One number for many, with an interval: what bars, points and lines show, with seaborn's meanings.
 *
 * <p>The interval of draws with replacement is drawn from a stream of its own for each draw, so
 * that it is the same at every call; seaborn's differs from call to call. Cost: draws x values. A
 * single value has no interval.
 */
public final class Estimate {
  private static final int BLOCK = 16;

  private Estimate() {}

  /** The number itself. */
  public enum Of {
    MEAN,
    MEDIAN,
    SUM,
    MIN,
    MAX,
    STD,
    COUNT
  }

  /** The interval: none, percentiles of draws or of values, standard errors or deviations. */
  public enum Interval {
    NONE,
    CI,
    PI,
    SE,
    SD
  }

  /**
   * @param level per cent of {@code CI} and {@code PI}, a factor of {@code SE} and {@code SD}
   * @param draws of {@code CI}
   */
  public record Params(Of estimator, Interval interval, double level, int draws, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(level, "the level of errorbar");
      if (interval == Interval.CI || interval == Interval.PI) {
        Check.inRange(level, 0, 100, "the level of errorbar");
      }
      Check.positive(draws, "nBoot");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written: seaborn's. */
    public static final class Builder {
      private Of estimator = Of.MEAN;
      private Interval interval = Interval.CI;
      private double level = 95;
      private int draws = 1000;
      private long seed = 0;

      public Builder estimator(Of value) {
        this.estimator = value;
        return this;
      }

      public Builder interval(Interval value) {
        this.interval = value;
        return this;
      }

      public Builder level(double value) {
        this.level = value;
        return this;
      }

      public Builder draws(int value) {
        this.draws = value;
        return this;
      }

      public Builder seed(long value) {
        this.seed = value;
        return this;
      }

      public Params build() {
        return new Params(estimator, interval, level, draws, seed);
      }
    }
  }

  /**
   * @param value NaN of no values
   * @param low NaN without an interval, as {@code high}
   */
  public record Result(double value, double low, double high) {}

  /**
   * @param values finite, in any order
   */
  public static Result run(double[] values, Params params) {
    double value = of(values, params.estimator);
    if (values.length < 2 || params.interval == Interval.NONE) {
      return new Result(value, Double.NaN, Double.NaN);
    }
    return switch (params.interval) {
      case SD -> around(value, params.level * deviation(values));
      case SE -> around(value, params.level * deviation(values) / Math.sqrt(values.length));
      case PI -> percentiles(value, values.clone(), params.level);
      default -> percentiles(value, draws(values, params), params.level);
    };
  }

  private static Result around(double value, double half) {
    return new Result(value, value - half, value + half);
  }

  private static Result percentiles(double value, double[] owned, double level) {
    Arrays.sort(owned);
    double edge = (100 - level) / 200;
    return new Result(value, Quantile.ofSorted(owned, edge), Quantile.ofSorted(owned, 1 - edge));
  }

  private static double[] draws(double[] values, Params params) {
    // In one order whatever the order of rows is.
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] out = new double[params.draws];
    Parallel.forRange(
        out.length,
        BLOCK,
        (from, to) -> {
          double[] drawn = new double[sorted.length];
          for (int b = from; b < to; b++) {
            SplittableRandom random = Streams.of(params.seed, b);
            for (int i = 0; i < drawn.length; i++) {
              drawn[i] = sorted[random.nextInt(sorted.length)];
            }
            out[b] = of(drawn, params.estimator);
          }
        });
    return out;
  }

  private static double of(double[] values, Of estimator) {
    if (values.length == 0) {
      return estimator == Of.SUM || estimator == Of.COUNT ? 0 : Double.NaN;
    }
    return switch (estimator) {
      case MEAN -> sum(values) / values.length;
      case MEDIAN -> Median.of(values);
      case SUM -> sum(values);
      case MIN -> Arrays.stream(values).min().orElseThrow();
      case MAX -> Arrays.stream(values).max().orElseThrow();
      case STD -> deviation(values);
      case COUNT -> values.length;
    };
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    return sum;
  }

  /** With n - 1 in the denominator; NaN of fewer than two. */
  static double deviation(double[] values) {
    double mean = sum(values) / values.length;
    double squares = 0;
    for (double v : values) {
      squares += (v - mean) * (v - mean);
    }
    return values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1));
  }
}
