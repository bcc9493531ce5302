package org.cellweave.neural.nn;

/**
 * Weights and running statistics of one batch normalisation.
 *
 * @param gamma one per unit
 * @param beta one per unit
 * @param mean running mean
 * @param variance running variance, of unbiased ones
 * @param follows whether training uses the minibatch's statistics and updates the running ones; a
 *     frozen one uses the running ones
 * @see <a href="https://doi.org/10.48550/arXiv.1502.03167">Ioffe and Szegedy 2015</a>
 */
public record BatchNorm(
    Parameter gamma, Parameter beta, Parameter mean, Parameter variance, boolean[] follows) {
  /** The share of a minibatch in the running statistics. */
  public static final double MOMENTUM = 0.01;

  public static final double EPSILON = 1e-3;

  static BatchNorm of(Parameters parameters, String name, int units) {
    return new BatchNorm(
        parameters.constant(name + ".gamma", 1, units, 1),
        parameters.constant(name + ".beta", 1, units, 0),
        parameters.state(name + ".running_mean", units, 0),
        parameters.state(name + ".running_var", units, 1),
        new boolean[] {true});
  }

  public boolean followsMinibatches() {
    return follows[0];
  }

  /** Keeps the running statistics and weights as they are. */
  public void freeze() {
    gamma.freeze();
    beta.freeze();
    follows[0] = false;
  }
}
