package org.cellweave.neighbors;

/**
 * The search for the width of a kernel, or its inverse: a positive number by bisection, doubled as
 * long as nothing larger is known to be too large.
 */
public final class KernelWidth {
  private double low;
  private double high = Double.POSITIVE_INFINITY;
  private double value;

  /**
   * @param start the first value to try, positive
   */
  public KernelWidth(double start) {
    value = start;
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
