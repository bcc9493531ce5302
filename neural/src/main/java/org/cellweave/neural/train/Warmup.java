package org.cellweave.neural.train;

import org.cellweave.util.Check;

/**
 * How the weight of divergences rises: linearly over epochs, or over steps, from the least to the
 * most. Epochs win where both are set, and with neither the weight is the most from the start.
 *
 * @param epochs 0 for none
 * @param steps 0 for none
 */
public record Warmup(int epochs, int steps, double least, double most) {
  /** scvi-tools': it takes 400 epochs, and short trainings see little of it. */
  public static final Warmup DEFAULTS = new Warmup(400, 0, 0, 1);

  public Warmup {
    Check.nonNegative(epochs, "nEpochsKlWarmup");
    Check.nonNegative(steps, "nStepsKlWarmup");
    Check.nonNegative(Check.finite(most, "maxKlWeight"), "maxKlWeight");
    if (!(least >= 0 && least <= most)) {
      throw new IllegalArgumentException(
          "minKlWeight must lie in [0, maxKlWeight = " + most + "], got " + least);
    }
  }

  /**
   * @param epoch from 0 on
   * @param step from 0 on
   */
  public double weight(int epoch, long step) {
    if (epochs > 0) {
      return epoch < epochs ? least + (most - least) * epoch / epochs : most;
    }
    if (steps > 0) {
      return step < steps ? least + (most - least) * step / steps : most;
    }
    return most;
  }
}
