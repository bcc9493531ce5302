package org.cellweave.neighbors;

import org.cellweave.util.Elementary;

/**
 * The search for the width of a kernel, or its inverse: a positive number by bisection, doubled as
 * long as nothing larger is known to be too large.
 */
public final class KernelWidth {
  private static final int STEPS = 64;
  private static final double TOLERANCE = 1e-5;

  private double low;
  private double high = Double.POSITIVE_INFINITY;
  private double value;

  /**
   * @param start the first value to try, positive
   */
  public KernelWidth(double start) {
    value = start;
  }

  /**
   * UMAP's: the width at which the weights {@code exp(-d / width)} of all neighbours but the first
   * sum to log2 of the length of the list; what is not beyond 0 weighs one.
   *
   * @param beyond distances of a cell's neighbours, less that of the nearest
   */
  public static double ofNeighbors(double[] beyond) {
    return of(beyond, 1, Elementary.log(beyond.length) / Elementary.log(2));
  }

  /**
   * As {@link #ofNeighbors}, of the neighbours from one on and for any sum of their weights.
   *
   * @param first neighbour that counts
   * @param target sum of the weights
   */
  public static double of(double[] beyond, int first, double target) {
    var width = new KernelWidth(1);
    for (int step = 0; step < STEPS; step++) {
      double sum = 0;
      double tried = width.value();
      for (int c = first; c < beyond.length; c++) {
        sum += beyond[c] > 0 ? Elementary.exp(-beyond[c] / tried) : 1;
      }
      if (Math.abs(sum - target) < TOLERANCE) {
        break;
      }
      if (sum > target) {
        width.lower();
      } else {
        width.raise();
      }
    }
    return width.value();
  }

  /** The value to try. */
  public double value() {
    return value;
  }

  /** The value was too small. */
  public void raise() {
    low = value;
    value = high == Double.POSITIVE_INFINITY ? 2 * value : (low + high) / 2;
  }

  /** The value was too large. */
  public void lower() {
    high = value;
    value = (low + high) / 2;
  }

  /** Takes a better guess for the next value, such as Newton's, where it lies within the bounds. */
  public void prefer(double guess) {
    if (guess > low && guess < high) {
      value = guess;
    }
  }
}
