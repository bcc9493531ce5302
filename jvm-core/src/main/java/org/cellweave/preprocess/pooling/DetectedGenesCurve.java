package org.cellweave.preprocess.pooling;

import java.util.Arrays;
import org.cellweave.util.Elementary;
import org.cellweave.util.Median;

/**
 * The number of genes that a cell shows as a function of its size factor, {@code a x / (1 + b x)}:
 * through the origin, straight at first and level at the end. Read backwards it gives a cell that
 * has no positive factor the one that cells with as many genes have.
 *
 * <p>Fitted by least squares (Gauss and Newton with damping), three times more with tricube weights
 * of the residuals over three median absolute deviations.
 */
record DetectedGenesCurve(double a, double b, double largest) {
  /** Fewer cells say nothing of a curve. */
  static final int FEWEST_CELLS = 10;

  private static final int ROBUST_ITERATIONS = 3;
  private static final int STEPS = 50;
  private static final double DEVIATIONS = 3;
  private static final double NORMAL_MAD = 1.4826;

  /**
   * @param x positive size factors, at least {@link #FEWEST_CELLS}
   * @param y genes of the same cells
   */
  static DetectedGenesCurve fit(double[] x, double[] y) {
    double[] weights = new double[x.length];
    Arrays.fill(weights, 1);
    double[] ab = start(x, y);
    ab = improved(x, y, weights, ab);
    for (int i = 0; i < ROBUST_ITERATIONS; i++) {
      if (!weigh(x, y, ab, weights)) {
        break;
      }
      ab = improved(x, y, weights, ab);
    }
    return new DetectedGenesCurve(ab[0], ab[1], Arrays.stream(x).max().orElse(1));
  }

  /** The factor of a cell with {@code genes}; the largest where the curve never gets there. */
  double factor(double genes) {
    double left = a - b * genes;
    return left > 0 ? Math.min(largest, genes / left) : largest;
  }

  private static double[] start(double[] x, double[] y) {
    double slope = Median.of(quotients(y, x));
    return new double[] {2 * slope, 1 / Median.of(x)};
  }

  private static double[] quotients(double[] over, double[] under) {
    double[] out = new double[over.length];
    Arrays.setAll(out, i -> over[i] / under[i]);
    return out;
  }

  private static double curve(double x, double[] ab) {
    return ab[0] * x / (1 + ab[1] * x);
  }

  private static double loss(double[] x, double[] y, double[] weights, double[] ab) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double rest = y[i] - curve(x[i], ab);
      sum += weights[i] * rest * rest;
    }
    return sum;
  }

  /** Levenberg's steps on log a and log b, which keeps both positive. */
  private static double[] improved(double[] x, double[] y, double[] weights, double[] from) {
    double[] ab = from;
    double loss = loss(x, y, weights, ab);
    double damping = 1e-3;
    for (int step = 0; step < STEPS && loss > 0; step++) {
      double[] next = step(x, y, weights, ab, damping);
      double lower = loss(x, y, weights, next);
      if (lower < loss) {
        boolean settled = loss - lower <= 1e-14 * loss;
        ab = next;
        loss = lower;
        damping /= 10;
        if (settled) {
          break;
        }
      } else {
        damping *= 10;
      }
    }
    return ab;
  }

  private static double[] step(
      double[] x, double[] y, double[] weights, double[] ab, double damping) {
    double aa = 0;
    double bb = 0;
    double cross = 0;
    double rightA = 0;
    double rightB = 0;
    for (int i = 0; i < x.length; i++) {
      double value = curve(x[i], ab);
      double byB = -value * ab[1] * x[i] / (1 + ab[1] * x[i]);
      double rest = weights[i] * (y[i] - value);
      aa += weights[i] * value * value;
      bb += weights[i] * byB * byB;
      cross += weights[i] * value * byB;
      rightA += rest * value;
      rightB += rest * byB;
    }
    aa *= 1 + damping;
    bb *= 1 + damping;
    double determinant = aa * bb - cross * cross;
    double stepA = (bb * rightA - cross * rightB) / determinant;
    double stepB = (aa * rightB - cross * rightA) / determinant;
    return new double[] {ab[0] * Elementary.exp(stepA), ab[1] * Elementary.exp(stepB)};
  }

  /** Whether residuals tell cells apart at all. */
  private static boolean weigh(double[] x, double[] y, double[] ab, double[] weights) {
    double[] rest = new double[x.length];
    Arrays.setAll(rest, i -> Math.abs(y[i] - curve(x[i], ab)));
    double bandwidth = DEVIATIONS * NORMAL_MAD * Median.of(rest);
    if (!(bandwidth > 0)) {
      return false;
    }
    for (int i = 0; i < rest.length; i++) {
      double share = Math.min(1, rest[i] / bandwidth);
      double left = 1 - share * share * share;
      weights[i] = left * left * left;
    }
    return true;
  }
}
