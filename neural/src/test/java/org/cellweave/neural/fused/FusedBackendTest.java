package org.cellweave.neural.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.cellweave.design.Categories;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.MatrixRows;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.data.Split;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.module.JointEmbeddingVae;
import org.cellweave.neural.module.JointEmbeddingVae.JointWeights;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.module.SemiSupervisedVae;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.module.VaeShape;
import org.cellweave.neural.module.VaeShape.Dispersion;
import org.cellweave.neural.module.VaeShape.LatentDistribution;
import org.cellweave.neural.module.VaeShape.Where;
import org.cellweave.neural.nn.Graph;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.Parameters;
import org.cellweave.neural.nn.View;
import org.cellweave.neural.testing.NumberedCells;
import org.cellweave.neural.train.CellFeed;
import org.cellweave.neural.train.Feed;
import org.cellweave.neural.train.History;
import org.cellweave.neural.train.LabelledFeed;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.neural.train.Step;
import org.cellweave.neural.train.ThinnedFeed;
import org.cellweave.neural.train.Trainer;
import org.cellweave.neural.train.Training;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FusedBackendTest {
  // more than one block of every loop: of cells, genes, products and the optimiser
  private static final int CELLS = 150;
  private static final int GENES = 1300;

  private static VaeShape shape(Likelihood likelihood, Dispersion dispersion, boolean observed) {
    return new VaeShape(
        GENES,
        2,
        3,
        List.of(),
        0,
        32,
        4,
        1,
        0.1,
        dispersion,
        likelihood,
        LatentDistribution.NORMAL,
        observed,
        false,
        true,
        true,
        true,
        Where.BOTH,
        Where.NONE,
        false,
        false);
  }

  private static CellData cells() {
    int[] batch = new int[CELLS];
    int[] labels = new int[CELLS];
    for (int i = 0; i < CELLS; i++) {
      batch[i] = i % 2;
      labels[i] = i % 3;
    }
    return new CellData(
        new MatrixRows(Seeds.counts(CELLS, GENES, 0.1, 4)),
        new CellData.Covariates(
            "X",
            Categories.of("batch", batch),
            Categories.of("labels", labels),
            List.of(),
            List.of(),
            null));
  }

  private record Trained(Map<String, float[]> weights, History history) {}

  private static Trained train(NeuralModule module, Feed feed) {
    Training settings =
        Training.builder().maxEpochs(2).batchSize(64).checkValEveryNEpoch(1).seed(3).build();
    History history =
        Trainer.run(module, feed, settings, FusedBackend.FACTORY, "test", Progress.NONE).history();
    return new Trained(module.parameters().snapshot(), history);
  }

  @TestFactory
  Stream<DynamicTest> threadsDoNotMatter() {
    CellData cells = cells();
    Split split = Split.of(CELLS, 0.9, Double.NaN, 1);
    VaeShape plain = shape(Likelihood.NB, Dispersion.GENE, true);
    Map<String, LongFunction<Trained>> runs =
        Map.of(
            "nb", seed -> train(new Vae(plain, seed), new CellFeed(cells, split, 64, seed)),
            "zinb by batch, inferred totals",
                seed ->
                    train(
                        new Vae(shape(Likelihood.ZINB, Dispersion.GENE_BATCH, false), seed),
                        new CellFeed(cells, split, 64, seed)),
            "labels",
                seed ->
                    train(
                        new SemiSupervisedVae(
                            plain, new SemiSupervisedVae.Labels(2, false, 50), seed),
                        new LabelledFeed(cells, split, 64, seed, 0, 2)),
            "joint",
                seed ->
                    train(
                        new JointEmbeddingVae(plain, JointWeights.DEFAULTS, seed),
                        new ThinnedFeed(cells, split, 64, seed, 10)));
    return runs.entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> threadsDoNotMatter(e.getValue())));
  }

  private static void threadsDoNotMatter(LongFunction<Trained> run) {
    Trained one = Seeds.withThreads(1, () -> run.apply(7));
    for (int threads : new int[] {2, 7}) {
      Trained other = Seeds.withThreads(threads, () -> run.apply(7));
      one.weights()
          .forEach((name, w) -> assertThat(other.weights().get(name)).as(name).isEqualTo(w));
      for (String name : one.history().names()) {
        assertThat(other.history().get(name)).as(name).isEqualTo(one.history().get(name));
      }
    }
    assertThat(run.apply(8).weights().get("z_encoder.0.weight"))
        .isNotEqualTo(one.weights().get("z_encoder.0.weight"));
  }

  private static Minibatch minibatch() {
    var out = new Minibatch(GENES);
    int[] order = new int[40];
    for (int i = 0; i < order.length; i++) {
      order[i] = 3 * i;
    }
    cells().feed(order, 0, order.length, View.CELLS, out);
    return out;
  }

  private static Step step(long number) {
    return new Step(number, 1e-2, 0.5, Noise.of(1, number));
  }

  @Test
  void goesOnFromRememberedMoments() {
    Minibatch minibatch = minibatch();
    VaeShape shape = shape(Likelihood.NB, Dispersion.GENE, true);
    var whole = new Vae(shape, 1);
    var parts = new Vae(shape, 1);
    try (var backend = new FusedBackend(whole, Optimizer.DEFAULTS)) {
      for (long k = 1; k <= 6; k++) {
        backend.step(minibatch, step(k));
      }
    }
    Map<String, float[]> moments;
    try (var backend = new FusedBackend(parts, Optimizer.DEFAULTS)) {
      for (long k = 1; k <= 3; k++) {
        backend.step(minibatch, step(k));
      }
      moments = backend.moments();
    }
    try (var backend = new FusedBackend(parts, Optimizer.DEFAULTS)) {
      backend.restore(moments);
      for (long k = 4; k <= 6; k++) {
        backend.step(minibatch, step(k));
      }
    }
    for (Parameter p : whole.parameters().all()) {
      assertThat(parts.parameters().get(p.name()).values()).as(p.name()).isEqualTo(p.values());
    }
  }

  @Test
  void evaluationChangesNothing() {
    var module = new Vae(shape(Likelihood.ZINB, Dispersion.GENE, true), 1);
    Minibatch minibatch = minibatch();
    try (var backend = new FusedBackend(module, Optimizer.DEFAULTS)) {
      backend.step(minibatch, step(1));
      Map<String, float[]> before = module.parameters().snapshot();
      double[] once = backend.evaluate(minibatch, Noise.of(5, 1));
      assertThat(backend.evaluate(minibatch, Noise.of(5, 1))).isEqualTo(once);
      assertThat(backend.evaluate(minibatch, Noise.of(6, 1))).isNotEqualTo(once);
      module
          .parameters()
          .all()
          .forEach(p -> assertThat(p.values()).as(p.name()).isEqualTo(before.get(p.name())));
    }
  }

  @Test
  void whatIsFrozenStaysAsItIs() {
    var module = new Vae(shape(Likelihood.NB, Dispersion.GENE_BATCH, true), 1);
    Parameters parameters = module.parameters();
    module.encoder().body().freezeNorms();
    parameters.get("px_r").trainFrom(1);
    parameters.get("z_encoder.0.batch").trainFrom(1);
    parameters.get("z_encoder.0.weight").freeze();
    Map<String, float[]> before = parameters.snapshot();
    try (var backend = new FusedBackend(module, Optimizer.DEFAULTS)) {
      backend.step(minibatch(), step(1));
    }
    for (String name : List.of("z_encoder.0.weight", "z_encoder.0.bn.running_mean")) {
      assertThat(parameters.get(name).values()).as(name).isEqualTo(before.get(name));
    }
    for (String name : List.of("px_r", "z_encoder.0.batch")) {
      int cols = parameters.get(name).cols();
      float[] after = parameters.get(name).values();
      for (int k = 0; k < cols; k++) {
        assertThat(after[k]).isEqualTo(before.get(name)[k]);
      }
      assertThat(after).as(name).isNotEqualTo(before.get(name));
    }
    assertThat(parameters.get("decoder.0.bn.running_mean").values())
        .isNotEqualTo(before.get("decoder.0.bn.running_mean"));
  }

  /** The objective is its one weight, so that the gradient is one. */
  private static final class OneWeight implements NeuralModule {
    private final Parameters parameters = new Parameters(0);
    private final Parameter weight = parameters.constant("weight", 1, 1, 0.5);
    private final Parameter unused = parameters.constant("unused", 1, 1, 0.5);

    @Override
    public Parameters parameters() {
      return parameters;
    }

    @Override
    public Loss loss(Graph graph) {
      var moved = graph.addRow(graph.numbers(View.CELLS, "library", 1), weight);
      return Loss.builder().add("weight", Loss.Part.EXTRA, graph.mean(moved), 1, false).build();
    }
  }

  /** Adam in float64, after so many steps of gradient one. */
  private static double adam(Optimizer of, double rate, int steps) {
    double w = 0.5;
    double m = 0;
    double v = 0;
    for (int t = 1; t <= steps; t++) {
      double g = 1 + (of.decoupled() ? 0 : of.weightDecay() * w);
      m = of.beta1() * m + (1 - of.beta1()) * g;
      v = of.beta2() * v + (1 - of.beta2()) * g * g;
      double first = m / (1 - Math.pow(of.beta1(), t));
      double second = Math.sqrt(v / (1 - Math.pow(of.beta2(), t)));
      w -= of.decoupled() ? rate * of.weightDecay() * w : 0;
      w -= rate * first / (second + of.epsilon());
    }
    return w;
  }

  @Test
  void optimiserByHand() {
    var minibatch = new Minibatch(2);
    NumberedCells.of(5).feed(new int[] {0, 1, 2, 3, 4}, 0, 5, View.CELLS, minibatch);
    for (boolean decoupled : new boolean[] {false, true}) {
      var settings = new Optimizer(0.9, 0.999, 0.01, 0.3, decoupled);
      var module = new OneWeight();
      try (var backend = new FusedBackend(module, settings)) {
        for (int t = 1; t <= 20; t++) {
          backend.step(minibatch, step(t));
        }
      }
      assertThat((double) module.weight.values()[0])
          .isCloseTo(adam(settings, 1e-2, 20), within(2e-6));
      // no gradient, no decay: as PyTorch leaves it
      assertThat(module.unused.values()[0]).isEqualTo(0.5f);
    }
  }

  @Test
  void saysWhatRunsWhere() {
    assertThat(FusedBackend.FACTORY.name()).isEqualTo("fused");
    assertThat(Seeds.<String>withThreads(1, FusedBackend.FACTORY::device))
        .isEqualTo("fused CPU path, 1 thread");
    assertThat(Seeds.<String>withThreads(3, FusedBackend.FACTORY::device))
        .isEqualTo("fused CPU path, 3 threads");
  }
}
