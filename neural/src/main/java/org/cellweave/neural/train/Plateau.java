package org.cellweave.neural.train;

import org.cellweave.util.Check;

/**
 * Lowers the learning rate when the validation's objective has not fallen for longer than some
 * epochs.
 *
 * @param monitor series of the history, lower is better
 * @param factor of the new rate
 * @param patience epochs without a fall that pass; the next one lowers the rate, as in PyTorch
 * @param threshold what counts as one
 * @param least rate
 */
public record Plateau(String monitor, double factor, int patience, double threshold, double least) {
  public static final Plateau DEFAULTS = new Plateau("elbo_validation", 0.6, 30, 0, 0);

  public Plateau {
    if (!(factor > 0 && factor < 1)) {
      throw new IllegalArgumentException(
          "lrFactor must lie between 0 and 1, so that rates fall, got " + factor);
    }
    Check.nonNegative(patience, "lrPatience");
    Check.nonNegative(Check.finite(threshold, "lrThreshold"), "lrThreshold");
    Check.nonNegative(Check.finite(least, "lrMin"), "lrMin");
  }
}
