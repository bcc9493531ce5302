package org.cellweave.neural.train;

import org.cellweave.neural.data.Minibatch;

/**
 * Where minibatches come from. What a module needs besides the cells themselves, thinned counts or
 * cells with a label, a feed adds.
 */
public interface Feed {
  int genes();

  /** Cells that are trained on; a denominator of what the history has per cell. */
  int trainingCells();

  int validationCells();

  /** Begins an epoch: draws its order. */
  void begin(int epoch);

  /** Minibatches of the epoch. */
  int steps();

  /** Fills the minibatch of a step, from 0 on within the epoch. */
  void step(int epoch, int step, Minibatch into);

  int validationSteps();

  void validation(int step, Minibatch into);

  /** What is measured after every epoch; null for nothing. */
  default Measures measures() {
    return null;
  }
}
