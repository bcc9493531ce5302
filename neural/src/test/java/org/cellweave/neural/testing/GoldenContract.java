package org.cellweave.neural.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.Parameters;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.neural.train.Step;
import org.cellweave.neural.train.TrainingBackend;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * An engine beside scvi-tools' own modules: the same weights, counts and noise give the same
 * objective, gradients, running statistics and steps of the optimiser.
 */
public abstract class GoldenContract {
  private static final double RATE = 1e-3;

  /** Gradients of biases before a normalisation are rounding, of as much as this of the largest. */
  private static final double NOISE = 1e-6;

  /** What float32 loses of a weight in one step. */
  private static final double ULP = 1e-7;

  private static ScviReference reference;

  @BeforeAll
  static void read() {
    reference = new ScviReference();
  }

  @AfterAll
  static void close() {
    reference.close();
  }

  @TestFactory
  Stream<DynamicTest> agreesWithScviTools() {
    return reference.variants().stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> check(reference.variant(name))));
  }

  protected abstract TrainingBackend open(NeuralModule module, Optimizer optimizer);

  /** Of the objective at the parameters' values, by name. */
  protected abstract Map<String, float[]> gradients(
      NeuralModule module, Minibatch minibatch, Noise noise, double warmUp);

  private void check(ScviVariant variant) {
    Parameters parameters = variant.module().parameters();
    Map<String, float[]> start = variant.start();
    assertThat(start.keySet())
        .containsExactlyInAnyOrderElementsOf(
            parameters.all().stream().map(Parameter::name).toList());
    parameters.restore(start);
    Minibatch minibatch = variant.minibatch();
    Noise noise = reference.noise();
    double weight = reference.klWeight();
    Map<String, float[]> gradients = gradients(variant.module(), minibatch, noise, weight);
    double floor = sameGradients(parameters, gradients, variant.gradients());
    parameters.restore(start);
    try (var backend = open(variant.module(), Optimizer.DEFAULTS)) {
      for (int step = 1; step <= reference.steps(); step++) {
        double[] values = backend.step(minibatch, new Step(step, RATE, weight, noise));
        if (step == 1) {
          sameTerms(backend.trainingTerms(), values, weight, variant.training());
          backend.bringWeights();
          sameMoves(parameters, start, variant.movedOnce(), 1, floor);
        }
      }
      backend.bringWeights();
      sameMoves(parameters, start, variant.moved(), reference.steps(), floor);
      double[] values = backend.evaluate(minibatch, noise);
      sameTerms(backend.evaluationTerms(), values, weight, variant.evaluation());
    }
  }

  private static void sameTerms(
      List<Loss.Term> terms, double[] values, double warmUp, Map<String, Double> expected) {
    Map<String, Double> sums = new LinkedHashMap<>();
    for (int k = 0; k < values.length; k++) {
      Loss.Term term = terms.get(k);
      sums.merge("loss", term.weightAt(warmUp) * values[k], Double::sum);
      double sign = Math.signum(term.weight());
      switch (term.part()) {
        case RECONSTRUCTION -> sums.merge("reconstruction", sign * values[k], Double::sum);
        case KL -> sums.merge("kl", values[k], Double::sum);
        case EXTRA -> extra(term.name(), values[k], sums);
      }
    }
    assertThat(sums.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach(
        (name, value) ->
            assertThat(sums.get(name))
                .as(name)
                .isCloseTo(value, within(0.1 * Tolerance.F32 * (0.1 + Math.abs(value)))));
  }

  private static void extra(String name, double value, Map<String, Double> sums) {
    switch (name) {
      case "classification_loss" -> sums.put("classification", value);
      case "cco_invariance" -> sums.put("invariance", value);
      case "cco_redundancy" -> sums.put("redundancy", value);
      default -> sums.merge("variance", value / 2, Double::sum);
    }
  }

  /** The largest norm of what is rounding alone. */
  private static double sameGradients(
      Parameters parameters, Map<String, float[]> actual, Map<String, float[]> expected) {
    double largest =
        expected.values().stream().mapToDouble(GoldenContract::norm).max().orElseThrow();
    for (Parameter p : parameters.trainable()) {
      same(p.name(), actual.get(p.name()), expected.get(p.name()), NOISE * largest);
    }
    return NOISE * largest;
  }

  private static void sameMoves(
      Parameters parameters,
      Map<String, float[]> start,
      Map<String, float[]> expected,
      int steps,
      double floor) {
    // a gradient that is rounding moves by its share of the optimiser's epsilon
    double drift = steps * RATE * floor / Optimizer.DEFAULTS.epsilon();
    for (Parameter p : parameters.all()) {
      float[] from = start.get(p.name());
      float[] moved = p.values().clone();
      for (int k = 0; k < moved.length; k++) {
        moved[k] -= from[k];
      }
      double rounding = Math.sqrt(steps) * ULP * norm(from);
      same(
          p.name() + " after " + steps + " steps",
          moved,
          expected.get(p.name()),
          rounding + (p.isState() ? 0 : drift));
    }
  }

  private static void same(String name, float[] actual, float[] expected, double floor) {
    assertThat(actual).as(name).isNotNull().hasSameSizeAs(expected);
    float[] difference = new float[expected.length];
    for (int k = 0; k < expected.length; k++) {
      difference[k] = actual[k] - expected[k];
    }
    assertThat(norm(difference))
        .as(name + " of norm " + norm(expected) + " differs by")
        .isLessThanOrEqualTo(Tolerance.F32 * norm(expected) + floor);
  }

  private static double norm(float[] x) {
    double sum = 0;
    for (float v : x) {
      sum += v * (double) v;
    }
    return Math.sqrt(sum);
  }
}
