package org.cellweave.neural.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.fused.FusedBackend;
import org.cellweave.neural.fused.FusedGradients;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.testing.Variants;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.neural.train.Step;
import org.cellweave.neural.train.TrainingBackend;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What TensorFlow computes beside the fused engine, for every kind of network. */
abstract class AgreementContract {
  private static final double WARM_UP = 0.7;

  /** Of all gradients together: a bias before a batch normalisation has none but rounding. */
  private static final double ROUNDING = 1e-7;

  private static final Optimizer WITH_DECAY = new Optimizer(0.9, 0.999, 0.01, 1e-3, false);

  private final boolean gpu;
  private final double ofTerms;
  private final double ofGradients;

  /**
   * @param ofTerms how far terms may be apart, relative to their size
   * @param ofGradients the same of gradients, by their norm
   */
  AgreementContract(boolean gpu, double ofTerms, double ofGradients) {
    this.gpu = gpu;
    this.ofTerms = ofTerms;
    this.ofGradients = ofGradients;
  }

  @BeforeEach
  void skipWithoutLibrary() {
    NeedsTensorFlow.skipWithout();
    assumeTrue(!gpu || Installation.here().hasGpu(), "TensorFlow sees no GPU");
  }

  private TensorFlowBackend tensorFlow(NeuralModule module, Optimizer optimizer, boolean sparse) {
    return new TensorFlowBackend(
        module, optimizer, new TensorFlowBackend.Setup(gpu, false, counts -> !gpu && sparse));
  }

  private static Stream<DynamicTest> forAll(BiConsumer<NeuralModule, NeuralModule> check) {
    Map<String, NeuralModule> others = Variants.modules();
    return Variants.modules().entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> check.accept(entry.getValue(), others.get(entry.getKey()))));
  }

  private void agree(double[] actual, double[] expected, List<Loss.Term> terms, double allowed) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int k = 0; k < expected.length; k++) {
      assertThat(actual[k])
          .as(terms.get(k).name())
          .isCloseTo(expected[k], within(allowed * (1 + Math.abs(expected[k]))));
    }
  }

  private static Step step(int number) {
    return new Step(number, 1e-3, WARM_UP, Noise.of(5, number));
  }

  private static List<String> names(List<Loss.Term> terms) {
    return terms.stream().map(Loss.Term::name).toList();
  }

  @TestFactory
  Stream<DynamicTest> gradients() {
    Minibatch minibatch = Variants.minibatch();
    Noise noise = Noise.of(5, 1);
    return forAll(
        (module, other) -> {
          Map<String, float[]> expected = FusedGradients.of(module, minibatch, noise, WARM_UP);
          try (TensorFlowBackend tensorFlow = tensorFlow(other, Optimizer.DEFAULTS, true)) {
            Map<Parameter, float[]> actual = tensorFlow.gradients(minibatch, noise, WARM_UP);
            assertThat(actual.keySet().stream().map(Parameter::name))
                .containsExactlyInAnyOrderElementsOf(expected.keySet());
            double all = norm(expected.values().toArray(new float[0][]));
            actual.forEach(
                (p, gradient) -> {
                  float[] of = expected.get(p.name());
                  assertThat(distance(gradient, of))
                      .as(p.toString())
                      .isLessThanOrEqualTo(ofGradients * norm(of) + ROUNDING * all);
                });
          }
        });
  }

  private static double norm(float[]... values) {
    double sum = 0;
    for (float[] array : values) {
      for (float v : array) {
        sum += v * (double) v;
      }
    }
    return Math.sqrt(sum);
  }

  private static double distance(float[] a, float[] b) {
    float[] between = a.clone();
    for (int k = 0; k < a.length; k++) {
      between[k] -= b[k];
    }
    return norm(between);
  }

  @TestFactory
  Stream<DynamicTest> evaluationAndTenSteps() {
    Minibatch[] minibatches = {Variants.minibatch(6), Variants.minibatch(7)};
    return forAll(
        (module, other) -> {
          try (TrainingBackend fused = FusedBackend.FACTORY.open(module, WITH_DECAY);
              TrainingBackend tensorFlow = tensorFlow(other, WITH_DECAY, false)) {
            evaluationAgrees(tensorFlow, fused, minibatches[0], ofTerms);
            for (int s = 1; s <= 10; s++) {
              double[] expected = fused.step(minibatches[s % 2], step(s));
              double[] actual = tensorFlow.step(minibatches[s % 2], step(s));
              agree(actual, expected, fused.trainingTerms(), s == 1 ? ofTerms : 10 * ofTerms);
            }
            assertThat(names(tensorFlow.trainingTerms())).isEqualTo(names(fused.trainingTerms()));
            evaluationAgrees(tensorFlow, fused, minibatches[0], 10 * ofTerms);
            tensorFlow.bringWeights();
            for (Parameter p : module.parameters().all()) {
              float[] of = other.parameters().get(p.name()).values();
              assertThat(distance(of, p.values()))
                  .as(p.toString())
                  .isLessThanOrEqualTo(10 * ofGradients * norm(p.values()) + 1e-6);
            }
          }
        });
  }

  private void evaluationAgrees(
      TrainingBackend tensorFlow, TrainingBackend fused, Minibatch minibatch, double allowed) {
    double[] expected = fused.evaluate(minibatch, Noise.of(6, 1));
    double[] actual = tensorFlow.evaluate(minibatch, Noise.of(6, 1));
    agree(actual, expected, fused.evaluationTerms(), allowed);
    assertThat(names(tensorFlow.evaluationTerms())).isEqualTo(names(fused.evaluationTerms()));
  }
}
