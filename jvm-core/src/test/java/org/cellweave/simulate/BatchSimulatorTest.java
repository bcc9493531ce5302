package org.cellweave.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.cellweave.random.CountDistributions;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class BatchSimulatorTest {
  private static final BatchSimulator.Params SMALL =
      BatchSimulator.Params.builder().nCells(400).nGenes(300).nBatches(3).nTypes(4).build();

  @Test
  void sameSeedSameCountsForAnyNumberOfThreads() {
    var one = Seeds.withThreads(1, () -> BatchSimulator.run(SMALL).counts().toDense().floatData());
    var two = Seeds.withThreads(2, () -> BatchSimulator.run(SMALL).counts().toDense().floatData());
    var seven =
        Seeds.withThreads(7, () -> BatchSimulator.run(SMALL).counts().toDense().floatData());
    assertThat(two).isEqualTo(one);
    assertThat(seven).isEqualTo(one);
  }

  @Test
  void neighbouringCellsShareNoDraws() {
    for (long seed = 0; seed < 20; seed++) {
      long[] draws = new long[8 * 64];
      for (int cell = 0; cell < 8; cell++) {
        var random = CountSampler.stream(seed, cell);
        for (int k = 0; k < 64; k++) {
          draws[64 * cell + k] = random.nextLong();
        }
      }
      assertThat(java.util.Arrays.stream(draws).distinct().count()).isEqualTo(draws.length);
    }
  }

  @Test
  void cellsHaveTheDepthAskedFor() {
    double[] depth = BatchSimulator.run(SMALL).counts().rowSums();
    java.util.Arrays.sort(depth);
    assertThat(depth[depth.length / 2]).isCloseTo(2500, within(200.0));
  }

  @Test
  void markersOfATypeAreHigherInIt() {
    var result = BatchSimulator.run(SMALL);
    int type = 1;
    int marker = 0;
    for (int g = 0; g < 300; g++) {
      if (result.typeEffects()[type][g] > result.typeEffects()[type][marker]) {
        marker = g;
      }
    }
    double inside = 0;
    double outside = 0;
    int nInside = 0;
    for (int i = 0; i < 400; i++) {
      if (result.type()[i] == type) {
        inside += result.counts().get(i, marker);
        nInside++;
      } else {
        outside += result.counts().get(i, marker);
      }
    }
    assertThat(inside / nInside).isGreaterThan(outside / (400 - nInside));
  }

  @Test
  void drawsHaveTheMomentsOfTheirDistributions() {
    var random = new SplittableRandom(3);
    for (double mean : new double[] {0.2, 3, 9.9, 10.1, 80, 4000}) {
      double sum = 0;
      double squares = 0;
      int n = 200_000;
      for (int i = 0; i < n; i++) {
        double k = CountDistributions.poisson(mean, random);
        sum += k;
        squares += k * k;
      }
      double error = 5 * Math.sqrt(mean / n);
      assertThat(sum / n).isCloseTo(mean, within(error));
      assertThat(squares / n - sum / n * (sum / n)).isCloseTo(mean, within(0.03 * mean + error));
    }
    double gamma = 0;
    for (int i = 0; i < 200_000; i++) {
      gamma += CountDistributions.gamma(4, random);
    }
    assertThat(gamma / 200_000).isCloseTo(4, within(0.03));
  }

  @Test
  void messages() {
    assertThatThrownBy(() -> BatchSimulator.Params.builder().nCells(0).build())
        .hasMessage("nCells must be positive, got 0");
    assertThatThrownBy(() -> BatchSimulator.Params.builder().dispersion(2).build())
        .hasMessage("dispersion must lie in [0.0, 1.0], got 2.0");
    assertThatThrownBy(() -> BatchSimulator.Params.builder().batchEffect(-1).build())
        .hasMessage("batchEffect must not be negative, got -1.0");
  }
}
