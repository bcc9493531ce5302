package org.cellweave.neural.midas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.neural.fused.Steps;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.train.Optimizer;
import org.junit.jupiter.api.Test;

/** Gradients of the whole objective beside its differences, along directions near them. */
class ObjectiveTest {
  private static final Optimizer ADAM = new Optimizer(0.9, 0.999, 1e-8, 0, true);

  private final Midas.Params params =
      SmallMosaic.quick()
          .dropout(0)
          .batchWeight(3)
          .alignmentWeight(0.7)
          .adversaryWeight(2)
          .batchDropout(0)
          .geneLikelihood(Midas.GeneLikelihood.NEGATIVE_BINOMIAL)
          .build();

  private final List<Modality> modalities =
      List.of(
          Modality.counts(
              "rna",
              SmallMosaic.names("rna_", SmallMosaic.GENES),
              Modality.Likelihood.NEGATIVE_BINOMIAL),
          Modality.counts(
              "adt", SmallMosaic.names("adt_", SmallMosaic.PROTEINS), Modality.Likelihood.POISSON),
          Modality.regions("atac", SmallMosaic.withRegions(6, 3).blocks().get(2).features()));

  private Objective.Minibatch minibatch(Network network, MosaicCells cells, int part) {
    int[] members = IntStream.range(0, 6).toArray();
    var objective = new Objective(network, cells, null, params);
    return objective.of(cells.parts().get(part), members, new Draws(4, 2), 0);
  }

  private static double sum(List<Loss.Term> terms, double[] values) {
    double sum = 0;
    for (int k = 0; k < values.length; k++) {
      sum += terms.get(k).weight() * values[k];
    }
    return sum;
  }

  private double total(Steps steps, Network network, MosaicCells cells, int part) {
    var minibatch = minibatch(network, cells, part);
    double[] values =
        steps.gradients(
            network.encoding().all(),
            Noise.of(1, 1),
            tape -> {
              minibatch.encode(tape);
              return minibatch.terms();
            });
    return sum(minibatch.terms(), values);
  }

  @Test
  void gradientsAgreeWithDifferences() {
    IntegrationInput input = SmallMosaic.withRegions(6, 3);
    var cells = new MosaicCells(input, modalities);
    var network = new Network(Network.Shape.of(modalities, cells, null), params);
    var random = new SplittableRandom(11);
    try (Steps steps = new Steps(ADAM)) {
      int reached = 0;
      for (int part = 0; part < 3; part++) {
        for (Parameter p : network.encoding().all()) {
          total(steps, network, cells, part);
          if (steps.gradient(p) == null) {
            continue;
          }
          reached++;
          checkDirection(steps, network, cells, part, p, random);
        }
      }
      assertThat(reached).isGreaterThan(60);
    }
  }

  private void checkDirection(
      Steps steps,
      Network network,
      MosaicCells cells,
      int part,
      Parameter p,
      SplittableRandom random) {
    float[] gradient = steps.gradient(p).clone();
    float[] w = p.values();
    float[] start = w.clone();
    double norm = 0;
    for (float g : gradient) {
      norm += g * (double) g;
    }
    norm = Math.sqrt(norm);
    double[] direction = new double[w.length];
    double expected = 0;
    for (int k = 0; k < w.length; k++) {
      direction[k] =
          gradient[k] / (norm + 1e-12) + 0.3 * (random.nextDouble() - 0.5) / Math.sqrt(w.length);
      expected += gradient[k] * direction[k];
    }
    double h = 2e-3;
    double[] at = new double[2];
    for (int side = 0; side < 2; side++) {
      for (int k = 0; k < w.length; k++) {
        w[k] = (float) (start[k] + (side == 0 ? -h : h) * direction[k]);
      }
      at[side] = total(steps, network, cells, part);
    }
    System.arraycopy(start, 0, w, 0, w.length);
    assertThat((at[1] - at[0]) / (2 * h))
        .as("%s, part %d", p, part)
        .isCloseTo(expected, within(0.02 * Math.abs(expected) + 0.05));
  }

  @Test
  void discriminatorsLearnAlone() {
    var cells = new MosaicCells(SmallMosaic.withRegions(6, 3), modalities);
    var network = new Network(Network.Shape.of(modalities, cells, null), params);
    float[] before = network.encoding().get("shared_encoder.1.weight").values().clone();
    try (Steps encoding = new Steps(ADAM);
        Steps judging = new Steps(ADAM)) {
      double[] first = new double[2];
      var minibatch = minibatch(network, cells, 2);
      encoding.gradients(
          network.encoding().all(),
          Noise.of(1, 1),
          tape -> {
            minibatch.encode(tape);
            for (int k = 0; k < 20; k++) {
              double[] values =
                  judging.step(network.judging().all(), Noise.of(1, 1), 0.01, 0, minibatch::judge);
              first[k == 0 ? 0 : 1] = values[0];
            }
            return minibatch.terms();
          });
      assertThat(first[1]).isLessThan(first[0]);
    }
    assertThat(network.encoding().get("shared_encoder.1.weight").values()).isEqualTo(before);
  }
}
