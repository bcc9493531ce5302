package org.cellweave.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.cellweave.testing.Seeds;
import org.cellweave.util.ConvergenceException;
import org.junit.jupiter.api.Test;

class NetworkSimulationTest {
  private static final List<String> FATES =
      List.of("00000011110", "11110100000", "11101100000", "00000011001");

  private static GeneNetwork chain(GeneNetwork.Rule rule) {
    return new GeneNetwork(
        List.of(
            new GeneNetwork.Gene("a", 1, in -> true, List.of()),
            new GeneNetwork.Gene(
                "b",
                0,
                rule,
                List.of(new GeneNetwork.Input(0, 0.5), new GeneNetwork.Input(1, 0.1)))));
  }

  @Test
  void withoutNoiseAStepIsEulersByHand() {
    var params =
        NetworkSimulation.Params.builder().steps(3).every(1).stepSize(0.5).noise(0).build();
    var x = NetworkSimulation.run(chain(in -> in[0] && !in[1]), List.of("10"), params).x();
    // a stays at 1; b is drawn to h(1; 0.5) (1 - h(b; 0.1)) with h(x; k) = x^2 / (x^2 + k^2)
    double first = 0.5 * 0.8;
    double second = first + 0.5 * (0.8 * (0.01 / (first * first + 0.01)) - first);
    assertThat(x.get(0, 0)).isEqualTo(1.0);
    assertThat(x.get(0, 1)).isZero();
    assertThat(x.get(1, 1)).isCloseTo(first, within(1e-7));
    assertThat(x.get(2, 1)).isCloseTo(second, within(1e-7));
  }

  @Test
  void allFatesOfTheMyeloidNetworkAreMetInOrder() {
    var network = GeneNetwork.myeloid();
    var result = NetworkSimulation.run(network, FATES, NetworkSimulation.Params.DEFAULTS);
    assertThat(result.rowsPerFate()).isEqualTo(160);
    assertThat(result.x().nRows()).isEqualTo(640);
    for (int f = 0; f < 4; f++) {
      for (int g = 0; g < 11; g++) {
        boolean on = FATES.get(f).charAt(g) == '1';
        assertThat(result.x().get(160 * f + 159, g) > 0.37).isEqualTo(on);
        double start = network.genes().get(g).start();
        assertThat(result.x().get(160 * f, g)).isCloseTo(start, within(0.01));
        for (int t = 1; t < 160; t++) {
          double step = result.x().get(160 * f + t, g) - result.x().get(160 * f + t - 1, g);
          assertThat(Math.abs(step)).isLessThan(0.11);
        }
      }
    }
  }

  @Test
  void everySeedMeetsAllFatesWithLevelsBetweenOffAndOn() {
    Seeds.forEach(
        20,
        seed -> {
          var params = NetworkSimulation.Params.builder().seed(seed).build();
          var x = NetworkSimulation.run(GeneNetwork.myeloid(), FATES, params).x();
          for (int i = 0; i < x.nRows(); i++) {
            for (int g = 0; g < x.nCols(); g++) {
              assertThat(x.get(i, g)).isBetween(-0.05, 1.05);
            }
          }
        });
  }

  @Test
  void theSameSeedGivesTheSameBitsForAnyNumberOfThreads() {
    var expected =
        NetworkSimulation.run(GeneNetwork.myeloid(), FATES, NetworkSimulation.Params.DEFAULTS);
    for (int threads : new int[] {1, 2, 7}) {
      Seeds.withThreads(
          threads,
          () ->
              assertThat(
                      NetworkSimulation.run(
                              GeneNetwork.myeloid(), FATES, NetworkSimulation.Params.DEFAULTS)
                          .x()
                          .floatData())
                  .isEqualTo(expected.x().floatData()));
    }
  }

  @Test
  void aToggleSwitchEndsOnEitherSide() {
    var params = NetworkSimulation.Params.builder().steps(500).noise(0.0065).on(0.9).build();
    var result = NetworkSimulation.run(GeneNetwork.toggleSwitch(), List.of("10", "01"), params);
    assertThat(result.x().get(99, 0)).isGreaterThan(0.9);
    assertThat(result.x().get(199, 1)).isGreaterThan(0.9);
  }

  @Test
  void mistakesAreNamed() {
    var toggle = GeneNetwork.toggleSwitch();
    var params = NetworkSimulation.Params.builder().maxCourses(3).build();
    assertThatThrownBy(() -> NetworkSimulation.run(toggle, List.of("11"), params))
        .isInstanceOf(ConvergenceException.class)
        .hasMessageContaining("no course of 3 ended with genes 11 on")
        .hasMessageContaining("raise maxCourses");
    assertThatThrownBy(() -> NetworkSimulation.run(toggle, List.of("1"), params))
        .hasMessageContaining("one 0 or 1 for each of 2 genes, got '1'");
    assertThatThrownBy(() -> NetworkSimulation.run(toggle, List.of("10", "10"), params))
        .hasMessageContaining("'10' is repeated");
    assertThatThrownBy(() -> NetworkSimulation.run(toggle, List.of(), params))
        .hasMessageContaining("fates must not be empty");
    assertThatThrownBy(() -> NetworkSimulation.Params.builder().steps(7).build())
        .hasMessageContaining("steps must be a multiple of every, got 7 and 5");
    assertThatThrownBy(() -> NetworkSimulation.Params.builder().stepSize(2).build())
        .hasMessageContaining("stepSize");
    assertThatThrownBy(() -> new GeneNetwork.Input(0, 0)).hasMessageContaining("half");
    assertThatThrownBy(() -> new GeneNetwork(List.of())).hasMessageContaining("genes");
    assertThatThrownBy(
            () ->
                new GeneNetwork(
                    List.of(
                        new GeneNetwork.Gene(
                            "a", 0, in -> in[0], List.of(new GeneNetwork.Input(3, 1))))))
        .hasMessageContaining("an input of a");
  }
}
