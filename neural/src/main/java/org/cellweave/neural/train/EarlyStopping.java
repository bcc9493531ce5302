package org.cellweave.neural.train;

import org.cellweave.util.Check;

/**
 * Ends training when the validation's objective has not fallen for some epochs.
 *
 * @param monitor series of the history, lower is better
 * @param patience epochs without a fall
 * @param minDelta what counts as one
 * @param warmupEpochs epochs that are not counted
 */
public record EarlyStopping(String monitor, int patience, double minDelta, int warmupEpochs) {
  public static final EarlyStopping DEFAULTS = new EarlyStopping("elbo_validation", 45, 0, 0);

  public EarlyStopping {
    Check.positive(patience, "earlyStoppingPatience");
    Check.nonNegative(Check.finite(minDelta, "earlyStoppingMinDelta"), "earlyStoppingMinDelta");
    Check.nonNegative(warmupEpochs, "earlyStoppingWarmupEpochs");
  }
}
