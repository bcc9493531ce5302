package org.cellweave.neural.tensorflow;

import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.nn.Noise;

/** What one run of the graph is fed from. */
final class Fed {
  final Minibatch minibatch;
  final Noise noise;
  final double warmUp;
  final Adam.Rates rates;

  /**
   * @param warmUp weight of the divergences that are warmed up; of no meaning in evaluation
   * @param rates of the optimiser; null when no weight moves
   */
  Fed(Minibatch minibatch, Noise noise, double warmUp, Adam.Rates rates) {
    this.minibatch = minibatch;
    this.noise = noise;
    this.warmUp = warmUp;
    this.rates = rates;
  }
}
