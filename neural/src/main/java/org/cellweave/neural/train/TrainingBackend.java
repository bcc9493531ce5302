package org.cellweave.neural.train;

import java.util.List;
import java.util.Map;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.nn.Noise;

/**
 * An engine that trains a module: it computes the objective of a minibatch, its gradients and what
 * the optimiser makes of them. All engines draw the same numbers, so that their losses agree step
 * by step to rounding.
 */
public interface TrainingBackend extends AutoCloseable {
  /** Makes the engine for one module; {@code close} frees it. */
  interface Factory {
    /** As users name it: {@code fused}, {@code tensorflow}. */
    String name();

    /** What runs where, in a few words: {@code fused CPU path, 2 threads}. */
    String device();

    /**
     * @throws UnsupportedOperationException when the engine cannot train this module, or what it
     *     needs is not installed; the message says what to do
     */
    TrainingBackend open(NeuralModule module, Optimizer optimizer);
  }

  /** The terms of the objective in training, in the order of the values of {@link #step}. */
  List<Loss.Term> trainingTerms();

  /** As {@link #trainingTerms}, of {@link #evaluate}. */
  List<Loss.Term> evaluationTerms();

  /**
   * Whether a step leaves the threads of {@link org.cellweave.util.Parallel} alone, so that the
   * next minibatch can be read beside it. The minibatch that it was given is not touched meanwhile.
   */
  default boolean hasOwnThreads() {
    return false;
  }

  /** One step of the optimiser; the values of all terms before it. */
  double[] step(Minibatch minibatch, Step step);

  /** The values of all terms with running statistics and without dropout; nothing changes. */
  double[] evaluate(Minibatch minibatch, Noise noise);

  /** Brings the weights into the module's parameters; some engines keep them elsewhere. */
  void bringWeights();

  /** What the optimiser remembers, by name, to go on from later. */
  Map<String, float[]> moments();

  /** Goes on from remembered moments and the module's present weights. */
  void restore(Map<String, float[]> moments);

  @Override
  void close();
}
