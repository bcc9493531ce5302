package org.cellweave.neural.train;

import org.cellweave.neural.nn.Noise;

/**
 * What one training step is told besides its minibatch.
 *
 * @param number of the step, from 1 on, over all epochs
 * @param learningRate of this step
 * @param warmUp weight of the divergences that are warmed up
 * @param noise what the step draws
 */
public record Step(long number, double learningRate, double warmUp, Noise noise) {}
