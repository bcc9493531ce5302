package org.cellweave.neural.train;

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
}
