package org.cellweave.neural.train;

import java.util.Map;

/**
 * All that training needs to go on after an epoch as if it had never stopped.
 *
 * @param epochs that are done
 * @param steps that are done, over all of them
 * @param rate the learning rate
 * @param watches best value and epochs waited of early stopping, then of the plateau
 * @param weights of the module, running statistics with them, by name
 * @param moments of the optimiser, by name
 * @param history of the epochs that are done
 */
public record Checkpoint(
    int epochs,
    long steps,
    double rate,
    double[] watches,
    Map<String, float[]> weights,
    Map<String, float[]> moments,
    History history) {}
