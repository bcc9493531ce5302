package org.cellweave.neural.train;

import org.cellweave.util.Check;

/**
 * How weights follow gradients: Adam, as PyTorch computes it. Its epsilon is added to the corrected
 * root of the second moment, which at 0.01 is something else than adding it before the correction.
 *
 * @param weightDecay added to gradients as that times the weight; to the weights with {@code
 *     decoupled}
 * @param decoupled whether the decay does not pass through the moments (AdamW)
 * @see <a href="https://doi.org/10.48550/arXiv.1412.6980">Kingma and Ba 2014</a>
 */
public record Optimizer(
    double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled) {
  public static final Optimizer DEFAULTS = new Optimizer(0.9, 0.999, 0.01, 1e-6, false);

  public Optimizer {
    Check.inRange(beta1, 0, 1, "beta1");
    Check.inRange(beta2, 0, 1, "beta2");
    Check.positive(Check.finite(epsilon, "eps"), "eps");
    Check.nonNegative(Check.finite(weightDecay, "weightDecay"), "weightDecay");
  }
}
