package org.cellweave.neural.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.data.Split;
import org.cellweave.neural.fused.FusedBackend;
import org.cellweave.neural.module.KeptParts;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.View;
import org.cellweave.neural.testing.Variants;
import org.cellweave.neural.train.CellFeed;
import org.cellweave.neural.train.History;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.neural.train.Step;
import org.cellweave.neural.train.Trainer;
import org.cellweave.neural.train.Training;
import org.cellweave.neural.train.TrainingBackend;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.types.TFloat32;

class TensorFlowBackendTest {
  private final Minibatch minibatch = Variants.minibatch();

  @BeforeEach
  void skipWithoutLibrary() {
    NeedsTensorFlow.skipWithout();
  }

  private static Step step(int number) {
    return new Step(number, 3e-3, 0.4, Noise.of(2, number));
  }

  private double[][] steps(TrainingBackend backend, int from, int to) {
    double[][] out = new double[to - from][];
    for (int s = from; s < to; s++) {
      out[s - from] = backend.step(minibatch, step(s));
    }
    return out;
  }

  private static NeuralModule module(String name) {
    return Variants.modules().get(name);
  }

  private static Map<String, float[]> weights(NeuralModule module) {
    return module.parameters().snapshot();
  }

  private static void close(Map<String, float[]> actual, Map<String, float[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach(
        (name, values) -> {
          float[] of = expected.get(name);
          for (int k = 0; k < of.length; k++) {
            assertThat(values[k]).as(name).isCloseTo(of[k], within(2e-5f * (1 + Math.abs(of[k]))));
          }
        });
  }

  @Test
  void tellsNoTermsBeforeItHasSeenCells() {
    try (var backend = TensorFlowBackend.CPU.open(module("library"), Optimizer.DEFAULTS)) {
      assertThat(backend.trainingTerms()).isEmpty();
      assertThat(backend.evaluationTerms()).isEmpty();
      assertThat(backend.moments()).isEmpty();
      backend.bringWeights();
    }
    assertThat(weights(module("library"))).containsKey("px_r");
  }

  @Test
  void theSameStepsGiveTheSameBits() {
    double[][] first;
    double[][] second;
    try (var backend = TensorFlowBackend.CPU.open(module("scanvi"), Optimizer.DEFAULTS)) {
      first = steps(backend, 1, 5);
    }
    try (var backend = TensorFlowBackend.CPU.open(module("scanvi"), Optimizer.DEFAULTS)) {
      second = steps(backend, 1, 5);
    }
    assertThat(second).isDeepEqualTo(first);
  }

  @Test
  void evaluationChangesNothing() {
    try (var plain = TensorFlowBackend.CPU.open(module("joint"), Optimizer.DEFAULTS);
        var looked = TensorFlowBackend.CPU.open(module("joint"), Optimizer.DEFAULTS)) {
      double[][] expected = steps(plain, 1, 4);
      looked.evaluate(minibatch, Noise.of(8, 1));
      double[][] first = steps(looked, 1, 3);
      double[] once = looked.evaluate(minibatch, Noise.of(8, 1));
      assertThat(looked.evaluate(minibatch, Noise.of(8, 1))).isEqualTo(once);
      double[][] last = steps(looked, 3, 4);
      assertThat(new double[][] {first[0], first[1], last[0]}).isDeepEqualTo(expected);
    }
  }

  @Test
  void goesOnFromWeightsAndMoments() {
    NeuralModule whole = module("zinb library");
    NeuralModule begun = module("zinb library");
    NeuralModule resumed = module("zinb library");
    Map<String, float[]> moments;
    double[][] expected;
    try (var backend = TensorFlowBackend.CPU.open(whole, Optimizer.DEFAULTS)) {
      expected = steps(backend, 1, 7);
      backend.bringWeights();
    }
    try (var backend = TensorFlowBackend.CPU.open(begun, Optimizer.DEFAULTS)) {
      steps(backend, 1, 4);
      backend.bringWeights();
      moments = backend.moments();
    }
    resumed.parameters().restore(weights(begun));
    try (var backend = TensorFlowBackend.CPU.open(resumed, Optimizer.DEFAULTS)) {
      backend.restore(moments);
      assertThat(backend.moments().keySet()).isEqualTo(moments.keySet());
      double[][] rest = steps(backend, 4, 7);
      assertThat(rest).isDeepEqualTo(new double[][] {expected[3], expected[4], expected[5]});
      backend.bringWeights();
    }
    close(weights(resumed), weights(whole));
  }

  @Test
  void restoresWhatItTrainedOnBefore() {
    NeuralModule module = module("linear");
    try (var backend = TensorFlowBackend.CPU.open(module, Optimizer.DEFAULTS)) {
      Map<String, float[]> start = weights(module);
      double[][] first = steps(backend, 1, 4);
      module.parameters().restore(start);
      backend.restore(Map.of());
      assertThat(steps(backend, 1, 4)).isDeepEqualTo(first);
    }
  }

  @Test
  void takesOverFromTheFusedEngine() {
    NeuralModule module = module("NB gene");
    NeuralModule other = module("NB gene");
    try (var fused = FusedBackend.FACTORY.open(module, Optimizer.DEFAULTS);
        var tensorFlow = TensorFlowBackend.CPU.open(other, Optimizer.DEFAULTS)) {
      steps(fused, 1, 4);
      other.parameters().restore(weights(module));
      tensorFlow.restore(fused.moments());
      double[] expected = steps(fused, 4, 8)[3];
      double[] actual = steps(tensorFlow, 4, 8)[3];
      for (int k = 0; k < expected.length; k++) {
        assertThat(actual[k]).isCloseTo(expected[k], within(1e-5 * (1 + Math.abs(expected[k]))));
      }
      tensorFlow.bringWeights();
      close(weights(other), weights(module));
      close(tensorFlow.moments(), new LinkedHashMap<>(fused.moments()));
    }
  }

  @Test
  void refusesMomentsOfDifferentSteps() {
    NeuralModule module = module("NB gene");
    try (var fused = FusedBackend.FACTORY.open(module("NB gene"), Optimizer.DEFAULTS);
        var backend = TensorFlowBackend.CPU.open(module, Optimizer.DEFAULTS)) {
      steps(backend, 1, 2);
      steps(fused, 1, 3);
      Map<String, float[]> moments = new LinkedHashMap<>(fused.moments());
      moments.put("px_r:steps", new float[] {7});
      assertThatThrownBy(() -> backend.restore(moments))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("moments of one number of steps expected, got")
          .hasMessageContaining("7");
    }
  }

  @Test
  void decoupledDecayIsThatOfTheFusedEngine() {
    var optimizer = new Optimizer(0.9, 0.999, 1e-3, 0.1, true);
    Vae module = (Vae) module("nb GENE_BATCH");
    Vae other = (Vae) module("nb GENE_BATCH");
    for (Vae each : List.of(module, other)) {
      each.parameters().get("px_r").trainFrom(1);
    }
    agreeAfterSteps(module, other, optimizer);
  }

  @Test
  void leavesAReferenceAsItIs() {
    Vae module = (Vae) module("nb GENE_BATCH");
    Vae other = (Vae) module("nb GENE_BATCH");
    Map<String, float[]> start = weights(module);
    for (Vae each : List.of(module, other)) {
      each.keepReference(covariate -> 1, KeptParts.DEFAULTS);
    }
    agreeAfterSteps(module, other, new Optimizer(0.9, 0.999, 0.01, 0.01, false));
    int moved = 0;
    for (Parameter p : other.parameters().all()) {
      float[] before = start.get(p.name());
      int kept = p.isState() ? 0 : p.firstTrainable() * p.cols();
      for (int k = 0; k < kept; k++) {
        assertThat(p.values()[k]).as(p.toString()).isEqualTo(before[k]);
      }
      for (int k = kept; k < before.length; k++) {
        moved += p.values()[k] == before[k] ? 0 : 1;
      }
    }
    assertThat(moved).isPositive();
    assertThat(weights(other).get("z_encoder.0.bn.running_mean"))
        .isEqualTo(start.get("z_encoder.0.bn.running_mean"));
  }

  private void agreeAfterSteps(NeuralModule module, NeuralModule other, Optimizer optimizer) {
    try (var fused = FusedBackend.FACTORY.open(module, optimizer);
        var tensorFlow = TensorFlowBackend.CPU.open(other, optimizer)) {
      steps(fused, 1, 5);
      steps(tensorFlow, 1, 5);
      tensorFlow.bringWeights();
      close(weights(other), weights(module));
    }
  }

  @Test
  void trainsAsTheFusedEngineDoes() {
    Training settings =
        Training.builder().maxEpochs(3).batchSize(30).checkValEveryNEpoch(1).seed(4).build();
    History fused = trained(FusedBackend.FACTORY, settings);
    History tensorFlow = trained(TensorFlowBackend.CPU, settings);
    assertThat(tensorFlow.names()).isEqualTo(fused.names());
    for (String name : fused.names()) {
      double[] expected = fused.get(name);
      double[] actual = tensorFlow.get(name);
      for (int k = 0; k < expected.length; k++) {
        assertThat(actual[k])
            .as(name)
            .isCloseTo(expected[k], within(1e-4 * (1 + Math.abs(expected[k]))));
      }
    }
  }

  private static History trained(TrainingBackend.Factory engine, Training settings) {
    var data = Variants.cells(Seeds.counts(200, Variants.GENES, 0.4, 1), 1);
    var feed = new CellFeed(data, Split.of(200, 0.9, Double.NaN, 4), 30, 4);
    return Trainer.run(module("NB gene"), feed, settings, engine, "scVI", Progress.NONE).history();
  }

  @Test
  void sparseProductsPayForFewCountsAndFewThreads() {
    var counts = minibatch.counts(View.CELLS);
    double density = counts.size() / (double) (counts.cells() * counts.genes());
    assertThat(density).isBetween(0.2, 0.6);
    assertThat(Seeds.withThreads(1, () -> TensorFlowBackend.sparsePays(counts))).isFalse();
    var few = new Minibatch(1000).counts(View.CELLS);
    few.clear(1);
    few.append(new int[] {3, 8}, 0, new double[] {1, 2}, 2);
    assertThat(Seeds.withThreads(2, () -> TensorFlowBackend.sparsePays(few))).isTrue();
    assertThat(Seeds.withThreads(200, () -> TensorFlowBackend.sparsePays(few))).isFalse();
  }

  @Test
  void tooLittleMemoryIsSaidInOneLine() {
    try (var session = new TensorSession(false, true)) {
      var tf = session.tf();
      var shape = tf.constant(new int[] {1 << 22, 1 << 22});
      var huge = tf.random.randomUniform(shape, TFloat32.class);
      assertThatThrownBy(() -> session.run(session.runner().fetch(huge), List.of()))
          .isInstanceOf(IllegalStateException.class)
          .message()
          .startsWith("TensorFlow ran out of memory (")
          .contains("Use a smaller batchSize")
          .doesNotContain("\n");
    }
  }
}
