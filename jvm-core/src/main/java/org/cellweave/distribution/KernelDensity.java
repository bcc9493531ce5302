package org.cellweave.distribution;

import java.util.Arrays;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * A Gaussian kernel density of numbers with Scott's bandwidth, as scipy's {@code gaussian_kde}.
 *
 * <p>Kernels reach as far as float64 tells them from nothing. Cost: O(values x grid). Of fewer than
 * two values, or of equal ones, there is no density. Scott 1992, doi:10.1002/9780470316849.
 */
public final class KernelDensity {
  private static final int BLOCK = 8;

  private KernelDensity() {}

  /**
   * @param adjust factor of the bandwidth
   * @param cut bandwidths by which the grid reaches beyond the values
   * @param grid number of places
   */
  public record Params(double adjust, double cut, int grid) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(adjust, "bwAdjust");
      Check.nonNegative(cut, "cut");
      if (grid < 2) {
        throw new IllegalArgumentException("gridsize must be at least 2, got " + grid);
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written: seaborn's. */
    public static final class Builder {
      private double adjust = 1;
      private double cut = 3;
      private int grid = 200;

      public Builder adjust(double value) {
        this.adjust = value;
        return this;
      }

      public Builder cut(double value) {
        this.cut = value;
        return this;
      }

      public Builder grid(int value) {
        this.grid = value;
        return this;
      }

      public Params build() {
        return new Params(adjust, cut, grid);
      }
    }
  }

  /**
   * @param at places in ascending order
   * @param height density there; it integrates to 1
   */
  public record Result(double[] at, double[] height) {}

  /** Whether there is a density: two values or more that differ. */
  public static boolean exists(double[] values) {
    return values.length >= 2 && deviation(values) > 0;
  }

  /**
   * @param values finite
   * @throws IllegalArgumentException when {@link #exists} says no
   */
  public static Result run(double[] values, Params params) {
    double bandwidth = bandwidth(values, params.adjust);
    double low = Arrays.stream(values).min().orElseThrow() - params.cut * bandwidth;
    double high = Arrays.stream(values).max().orElseThrow() + params.cut * bandwidth;
    return at(values, spaced(low, high, params.grid), params.adjust);
  }

  /**
   * The density at given places.
   *
   * @param places ascending
   */
  public static Result at(double[] values, double[] places, double adjust) {
    double bandwidth = bandwidth(values, adjust);
    double scale = 1 / (values.length * bandwidth * Math.sqrt(2 * Math.PI));
    double[] height = new double[places.length];
    Parallel.forRange(
        places.length,
        BLOCK,
        (from, to) -> {
          for (int g = from; g < to; g++) {
            double sum = 0;
            for (double value : values) {
              double z = (places[g] - value) / bandwidth;
              sum += Elementary.exp(-0.5 * z * z);
            }
            height[g] = sum * scale;
          }
        });
    return new Result(places, height);
  }

  /** Scott's bandwidth times {@code adjust}. */
  public static double bandwidth(double[] values, double adjust) {
    if (!exists(values)) {
      throw new IllegalArgumentException(
          "a density needs at least two values that differ, got "
              + (values.length == 0 ? "none" : values.length + " times " + values[0]));
    }
    return deviation(values) * Elementary.pow(values.length, -0.2) * adjust;
  }

  /** {@code n} places of equal distance from {@code low} to {@code high}. */
  public static double[] spaced(double low, double high, int n) {
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      out[i] = i == n - 1 ? high : low + i * ((high - low) / (n - 1));
    }
    return out;
  }

  private static double deviation(double[] values) {
    return Estimate.deviation(values);
  }
}
