package org.cellweave.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class ArrayDrawsTest {
  private static final int N = 200_000;

  /** Mean and variance within six standard errors, the fourth moment taken from the draws. */
  private static void moments(ArrayDraws.Draw draw, double mean, double variance) {
    double[] v = ArrayDraws.of(N, 3, draw);
    double found = Arrays.stream(v).average().orElseThrow();
    double squares = Arrays.stream(v).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    double fourth = Arrays.stream(v).map(x -> Math.pow(x - mean, 4)).average().orElseThrow();
    assertThat(found).isCloseTo(mean, within(6 * Math.sqrt(variance / N)));
    assertThat(squares).isCloseTo(variance, within(6 * Math.sqrt(fourth / N)));
  }

  @Test
  void distributionsHaveTheirMoments() {
    moments(ArrayDraws.uniform(-1, 3), 1, 16 / 12.0);
    moments(ArrayDraws.normal(2, 3), 2, 9);
    moments(ArrayDraws.exponential(2), 2, 4);
    moments(ArrayDraws.gamma(0.5, 2), 1, 2);
    moments(ArrayDraws.gamma(3, 2), 6, 12);
    moments(ArrayDraws.beta(2, 3), 0.4, 0.04);
    moments(ArrayDraws.logNormal(0, 0.5), Math.exp(0.125), (Math.exp(0.25) - 1) * Math.exp(0.25));
    moments(ArrayDraws.integers(0, 10), 4.5, 99 / 12.0);
    moments(ArrayDraws.poisson(1), 1, 1);
    moments(ArrayDraws.poisson(40), 40, 40);
    moments(ArrayDraws.binomial(10, 0.3), 3, 2.1);
    moments(ArrayDraws.binomial(100, 0.3), 30, 21);
    moments(ArrayDraws.negativeBinomial(2, 0.25), 6, 24);
  }

  @Test
  void threadsDoNotMatterAndSeedsDo() {
    Seeds.forEach(
        20,
        seed -> {
          var draw = ArrayDraws.normal(0, 1);
          double[] one = Seeds.withThreads(1, () -> ArrayDraws.of(10_000, seed, draw));
          assertThat(Seeds.withThreads(7, () -> ArrayDraws.of(10_000, seed, draw))).isEqualTo(one);
          assertThat(ArrayDraws.of(10_000, seed + 1, draw)).isNotEqualTo(one);
        });
  }

  @Test
  void messages() {
    assertThatThrownBy(() -> ArrayDraws.normal(0, -1)).hasMessageContaining("scale");
    assertThatThrownBy(() -> ArrayDraws.integers(3, 3))
        .hasMessage("high must be above low, got 3 and 3");
    assertThatThrownBy(() -> ArrayDraws.poisson(-1)).hasMessageContaining("lam");
    assertThatThrownBy(() -> ArrayDraws.binomial(3, 1.5)).hasMessageContaining("p must lie in");
    assertThatThrownBy(() -> ArrayDraws.negativeBinomial(0, 0.5)).hasMessageContaining("n must");
    assertThatThrownBy(() -> ArrayDraws.of(-1, 0, r -> 0)).hasMessageContaining("size");
  }
}
