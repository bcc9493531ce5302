package org.cellweave.preprocess.sctransform;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.cellweave.util.Elementary;
import org.cellweave.util.Quantile;

/**
 * Bandwidths of normal kernels for a sample, and its density.
 *
 * @see <a href="https://doi.org/10.1111/j.2517-6161.1991.tb01857.x">Sheather 1991</a>
 */
final class KernelBandwidth {
  /** Distances of pairs are told apart in this many steps of the range. */
  private static final int DISTANCES = 4000;

  private static final int GRID = 512;
  private static final int HALVINGS = 60;

  private KernelBandwidth() {}

  /** Normal-reference rule with Scott's factor 1.06. */
  static double normalReference(double[] x) {
    return 1.06 * spread(x, 1.34) * Elementary.pow(x.length, -0.2);
  }

  /**
   * The bandwidth that solves its own equation for the least mean integrated squared error.
   *
   * @throws IllegalArgumentException when the sample is too small or too even to have one
   */
  static double sheatherJones(double[] x) {
    int n = x.length;
    double scale = spread(x, 1.349);
    var pairs = Pairs.of(x);
    double a = 1.24 * scale * Elementary.pow(n, -1 / 7.0);
    double b = 1.23 * scale * Elementary.pow(n, -1 / 9.0);
    double ratio = 1.357 * Elementary.pow(pairs.fourth(a) / -pairs.sixth(b), 1 / 7.0);
    double c = 1 / (2 * Math.sqrt(Math.PI) * n);
    DoubleUnaryOperator gap =
        h -> Elementary.pow(c / pairs.fourth(ratio * Elementary.pow(h, 5 / 7.0)), 0.2) - h;
    double high = 1.144 * scale * Elementary.pow(n, -0.2);
    double low = 0.1 * high;
    for (int k = 0; k < HALVINGS && !(gap.applyAsDouble(low) > 0); k++) {
      low /= 2;
    }
    for (int k = 0; k < HALVINGS && !(gap.applyAsDouble(high) < 0); k++) {
      high *= 1.2;
    }
    if (!(scale > 0) || !(gap.applyAsDouble(low) > 0) || !(gap.applyAsDouble(high) < 0)) {
      throw new IllegalArgumentException(
          "sctransform finds no bandwidth for the means of "
              + n
              + " genes; it needs more genes to learn from. Lower minCells, or pass more cells or"
              + " genes");
    }
    for (int k = 0; k < HALVINGS; k++) {
      double middle = (low + high) / 2;
      if (gap.applyAsDouble(middle) > 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** Density of the sample at its own values, from counts on a grid. */
  static double[] density(double[] x, double bandwidth) {
    double least = Arrays.stream(x).min().orElseThrow() - 3 * bandwidth;
    double most = Arrays.stream(x).max().orElseThrow() + 3 * bandwidth;
    double step = (most - least) / (GRID - 1);
    double[] mass = new double[GRID];
    for (double v : x) {
      double at = (v - least) / step;
      int cell = Math.min(GRID - 2, (int) at);
      mass[cell] += 1 - (at - cell);
      mass[cell + 1] += at - cell;
    }
    double[] kernel = new double[GRID];
    Arrays.setAll(
        kernel, d -> Elementary.exp(-0.5 * (d * step / bandwidth) * (d * step / bandwidth)));
    double[] smooth = new double[GRID];
    double norm = 1 / (x.length * bandwidth * Math.sqrt(2 * Math.PI));
    for (int g = 0; g < GRID; g++) {
      double sum = 0;
      for (int m = 0; m < GRID; m++) {
        sum += mass[m] * kernel[Math.abs(g - m)];
      }
      smooth[g] = sum * norm;
    }
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double at = (x[i] - least) / step;
      int cell = Math.min(GRID - 2, (int) at);
      out[i] = smooth[cell] + (at - cell) * (smooth[cell + 1] - smooth[cell]);
    }
    return out;
  }

  /** The smaller of the standard deviation and the interquartile range over {@code normal}. */
  private static double spread(double[] x, double normal) {
    double mean = Arrays.stream(x).sum() / x.length;
    double squares = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
    double deviation = Math.sqrt(squares / (x.length - 1));
    double[] sorted = x.clone();
    Arrays.sort(sorted);
    return Math.min(
        deviation, (Quantile.ofSorted(sorted, 0.75) - Quantile.ofSorted(sorted, 0.25)) / normal);
  }

  /**
   * How many pairs of a sample lie how far apart.
   *
   * @param n size of the sample
   * @param step from one distance to the next
   * @param times pairs at each distance
   */
  private record Pairs(int n, double step, double[] times) {
    static Pairs of(double[] x) {
      double least = Arrays.stream(x).min().orElseThrow();
      double most = Arrays.stream(x).max().orElseThrow();
      double step = (most - least) / (DISTANCES - 2);
      double[] times = new double[DISTANCES];
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < i; j++) {
          // a pair between two steps counts for both, more for the nearer
          double at = step > 0 ? Math.abs(x[i] - x[j]) / step : 0;
          int below = (int) at;
          times[below] += 1 - (at - below);
          times[below + 1] += at - below;
        }
      }
      return new Pairs(x.length, step, times);
    }

    /** Estimate of the integral of the squared second derivative of the density. */
    double fourth(double h) {
      double sum = 0;
      for (int k = 0; k < times.length; k++) {
        double d = squared(k, h);
        sum += times[k] * Elementary.exp(-d / 2) * ((d - 6) * d + 3);
      }
      return (2 * sum + 3.0 * n) / (norm() * Elementary.pow(h, 5));
    }

    /** As {@link #fourth}, of the third derivative, with the other sign. */
    double sixth(double h) {
      double sum = 0;
      for (int k = 0; k < times.length; k++) {
        double d = squared(k, h);
        sum += times[k] * Elementary.exp(-d / 2) * (((d - 15) * d + 45) * d - 15);
      }
      return (2 * sum - 15.0 * n) / (norm() * Elementary.pow(h, 7));
    }

    private double squared(int k, double h) {
      double d = k * step / h;
      return d * d;
    }

    private double norm() {
      return (double) n * (n - 1) * Math.sqrt(2 * Math.PI);
    }
  }
}
