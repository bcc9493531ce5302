package org.cellweave.neural.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class NoiseTest {
  private static final int N = 40_001;

  private static float[] normal(long seed, long step, int place, int n) {
    float[] out = new float[n];
    Noise.of(seed, step).normal(place, out, n);
    return out;
  }

  private static float[] uniform(long seed, long step, int place, int n) {
    float[] out = new float[n];
    Noise.of(seed, step).uniform(place, out, n);
    return out;
  }

  private static double mean(float[] x, int power) {
    double sum = 0;
    for (float v : x) {
      sum += Math.pow(v, power);
    }
    return sum / x.length;
  }

  @Test
  void normalNumbersHaveTheMomentsOfTheNormalDistribution() {
    Seeds.forEach(
        20,
        seed -> {
          float[] x = normal(seed, 3, 1, N);
          double error = 5 / Math.sqrt(N);
          assertThat(mean(x, 1)).isCloseTo(0, within(error));
          assertThat(mean(x, 2)).isCloseTo(1, within(error * Math.sqrt(2)));
          assertThat(mean(x, 4)).isCloseTo(3, within(error * Math.sqrt(96)));
        });
  }

  @Test
  void uniformNumbersLieInTheUnitIntervalEvenly() {
    Seeds.forEach(
        20,
        seed -> {
          float[] x = uniform(seed, 3, 1, N);
          int[] bins = new int[10];
          for (float v : x) {
            assertThat(v >= 0 && v < 1).isTrue();
            bins[(int) (10 * v)]++;
          }
          double expected = N / 10.0;
          double chiSquare =
              Arrays.stream(bins).mapToDouble(b -> (b - expected) * (b - expected)).sum()
                  / expected;
          assertThat(chiSquare).isLessThan(9 + 6 * Math.sqrt(18));
        });
  }

  @Test
  void aDrawDependsOnSeedStepAndPlaceAlone() {
    assertThat(normal(1, 2, 3, 9)).isEqualTo(normal(1, 2, 3, 9));
    assertThat(Arrays.copyOf(normal(1, 2, 3, 100), 9)).isEqualTo(normal(1, 2, 3, 9));
    assertThat(normal(2, 2, 3, 9)).isNotEqualTo(normal(1, 2, 3, 9));
    assertThat(normal(1, 3, 3, 9)).isNotEqualTo(normal(1, 2, 3, 9));
    assertThat(normal(1, 2, 4, 9)).isNotEqualTo(normal(1, 2, 3, 9));
    assertThat(uniform(1, 2, 4, 9)).isNotEqualTo(uniform(1, 2, 3, 9));
  }
}
