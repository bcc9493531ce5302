package org.cellweave.neural.fused;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.train.Optimizer;

/**
 * Steps of an optimiser for networks that take turns: every step has its own objective and its own
 * parameters that follow it, such as a discriminator against the encoders that it judges. The same
 * bits for any number of threads.
 */
public final class Steps implements AutoCloseable {
  private final Buffers buffers = new Buffers();
  private final Gradients gradients = new Gradients();
  private final Adam adam;

  public Steps(Optimizer optimizer) {
    this.adam = new Adam(optimizer);
  }

  /**
   * One step.
   *
   * @param trained the parameters that follow; gradients pass through all others, which stay
   * @param maxNorm the Euclidean length to which all gradients together are cut; 0 for no cut
   * @param objective writes the networks on the tape and returns the terms to be lowered
   * @return the values of the terms before the step
   */
  public double[] step(
      Collection<Parameter> trained,
      Noise noise,
      double learningRate,
      double maxNorm,
      Function<LayerTape, List<Loss.Term>> objective) {
    double[] values = gradients(trained, noise, objective);
    double factor = maxNorm > 0 ? Math.min(1, maxNorm / (norm(trained) + 1e-6)) : 1;
    for (Parameter parameter : trained) {
      if (parameter.isTrainable() && gradients.reached(parameter)) {
        float[] gradient = gradients.of(parameter);
        if (factor < 1) {
          scale(gradient, (float) factor);
        }
        adam.step(parameter, gradient, learningRate);
      }
    }
    return values;
  }

  /**
   * Forward and back without a step. Gradients stay until the next call.
   *
   * @return the values of the terms
   */
  public double[] gradients(
      Collection<Parameter> trained, Noise noise, Function<LayerTape, List<Loss.Term>> objective) {
    Set<Parameter> chosen = new HashSet<>(trained);
    gradients.clear();
    try {
      var tape =
          new LayerTape(
              noise, true, buffers, gradients, p -> p.isTrainable() && chosen.contains(p));
      List<Loss.Term> terms = objective.apply(tape);
      tape.beginBack();
      double[] values = new double[terms.size()];
      for (int k = 0; k < values.length; k++) {
        Loss.Term term = terms.get(k);
        Tensor value = LayerTape.tensor(term.value());
        values[k] = value.value[0];
        if (value.wantsGradient() && term.weight() != 0) {
          value.gradient[0] += (float) term.weight();
        }
      }
      tape.goBack();
      return values;
    } finally {
      buffers.release();
    }
  }

  /** Of the last {@link #gradients}, not a copy; null where a parameter was not reached. */
  public float[] gradient(Parameter parameter) {
    return gradients.reached(parameter) ? gradients.of(parameter) : null;
  }

  /**
   * A forward pass without dropout and gradients; values are read within {@code use}.
   *
   * @param noise for what the pass draws
   */
  public void evaluate(Noise noise, Consumer<LayerTape> use) {
    try {
      use.accept(new LayerTape(noise, false, buffers, null, p -> false));
    } finally {
      buffers.release();
    }
  }

  private double norm(Collection<Parameter> trained) {
    double sum = 0;
    for (Parameter parameter : trained) {
      if (gradients.reached(parameter)) {
        for (float g : gradients.of(parameter)) {
          sum += (double) g * g;
        }
      }
    }
    return Math.sqrt(sum);
  }

  private static void scale(float[] values, float factor) {
    for (int k = 0; k < values.length; k++) {
      values[k] *= factor;
    }
  }

  /** What the optimiser remembers, by the names of parameters, to go on from later. */
  public Map<String, float[]> moments() {
    return adam.state();
  }

  /** Goes on from remembered moments. */
  public void restore(Iterable<Parameter> parameters, Map<String, float[]> moments) {
    adam.restore(parameters, moments);
  }

  @Override
  public void close() {
    buffers.close();
  }
}
