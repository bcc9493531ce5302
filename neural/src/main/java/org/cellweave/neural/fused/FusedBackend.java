package org.cellweave.neural.fused;

import java.util.List;
import java.util.Map;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.neural.train.Step;
import org.cellweave.neural.train.TrainingBackend;
import org.cellweave.util.Parallel;

/**
 * The engine for CPUs: counts stay sparse, logarithms of counts are taken at those that are not
 * zero, and the likelihood's gradients take the place of the logits. Hand-written because a
 * framework needs two to three times as long for minibatches of this size, most of it on zeros, and
 * because the same bits are promised for any number of threads.
 */
public final class FusedBackend implements TrainingBackend {
  /** The factory of this engine. */
  public static final Factory FACTORY =
      new Factory() {
        @Override
        public String name() {
          return "fused";
        }

        @Override
        public String device() {
          int n = Parallel.threads();
          return "fused CPU path, " + n + (n == 1 ? " thread" : " threads");
        }

        @Override
        public TrainingBackend open(NeuralModule module, Optimizer optimizer) {
          return new FusedBackend(module, optimizer);
        }
      };

  private final NeuralModule module;
  private final Buffers buffers = new Buffers();
  private final Gradients gradients = new Gradients();
  private final Adam adam;
  private List<Loss.Term> trainingTerms = List.of();
  private List<Loss.Term> evaluationTerms = List.of();

  FusedBackend(NeuralModule module, Optimizer optimizer) {
    this.module = module;
    this.adam = new Adam(optimizer);
  }

  @Override
  public List<Loss.Term> trainingTerms() {
    return trainingTerms;
  }

  @Override
  public List<Loss.Term> evaluationTerms() {
    return evaluationTerms;
  }

  @Override
  public double[] step(Minibatch minibatch, Step step) {
    double[] values = gradients(minibatch, step.noise(), step.warmUp());
    for (Parameter parameter : module.parameters().trainable()) {
      if (gradients.reached(parameter)) {
        adam.step(parameter, gradients.of(parameter), step.learningRate());
      }
    }
    return values;
  }

  /** Forward and back; the values of all terms. Gradients stay until the next call. */
  double[] gradients(Minibatch minibatch, Noise noise, double warmUp) {
    gradients.clear();
    try {
      Tape tape = new Tape(minibatch, noise, true, buffers, gradients);
      trainingTerms = module.loss(tape).terms();
      double[] values = values(trainingTerms);
      tape.beginBack();
      for (Loss.Term term : trainingTerms) {
        Tensor value = Tape.tensor(term.value());
        double weight = term.weightAt(warmUp);
        if (value.wantsGradient() && weight != 0) {
          value.gradient[0] += (float) weight;
        }
      }
      tape.goBack();
      return values;
    } finally {
      buffers.release();
    }
  }

  /** Of the last {@link #gradients}; null where a parameter was not reached. */
  float[] gradient(Parameter parameter) {
    return gradients.reached(parameter) ? gradients.of(parameter) : null;
  }

  private static double[] values(List<Loss.Term> terms) {
    double[] out = new double[terms.size()];
    for (int k = 0; k < out.length; k++) {
      out[k] = Tape.tensor(terms.get(k).value()).value[0];
    }
    return out;
  }

  @Override
  public double[] evaluate(Minibatch minibatch, Noise noise) {
    try {
      evaluationTerms = module.loss(new Tape(minibatch, noise, false, buffers, null)).terms();
      return values(evaluationTerms);
    } finally {
      buffers.release();
    }
  }

  @Override
  public void bringWeights() {
    // they are where they were
  }

  @Override
  public Map<String, float[]> moments() {
    return adam.state();
  }

  @Override
  public void restore(Map<String, float[]> moments) {
    adam.restore(module.parameters().all(), moments);
  }

  @Override
  public void close() {
    buffers.close();
  }
}
