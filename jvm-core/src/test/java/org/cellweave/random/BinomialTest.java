package org.cellweave.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.apache.commons.numbers.gamma.LogGamma;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class BinomialTest {
  private static final int DRAWS = 20_000;

  private static double logMass(int n, double p, int k) {
    return LogGamma.value(n + 1.0)
        - LogGamma.value(k + 1.0)
        - LogGamma.value(n - k + 1.0)
        + k * Math.log(p)
        + (n - k) * Math.log1p(-p);
  }

  /** Chi-square of the numbers that five draws or more are expected of, the others in one. */
  private static void followsTheDistribution(int n, double p, long seed) {
    var random = new SplittableRandom(seed);
    int[] seen = new int[n + 1];
    for (int i = 0; i < DRAWS; i++) {
      seen[CountDistributions.binomial(n, p, random)]++;
    }
    double chiSquare = 0;
    int cells = 0;
    double restExpected = 0;
    int restSeen = 0;
    for (int k = 0; k <= n; k++) {
      double expected = DRAWS * Math.exp(logMass(n, p, k));
      if (expected < 5) {
        restExpected += expected;
        restSeen += seen[k];
        continue;
      }
      chiSquare += (seen[k] - expected) * (seen[k] - expected) / expected;
      cells++;
    }
    if (restExpected >= 5) {
      chiSquare += (restSeen - restExpected) * (restSeen - restExpected) / restExpected;
      cells++;
    }
    double freedom = cells - 1;
    assertThat(chiSquare)
        .as("n " + n + ", p " + p)
        .isLessThan(freedom + 5 * Math.sqrt(2 * freedom) + 5);
  }

  @Test
  void followsTheDistribution() {
    Seeds.forEach(
        20,
        seed -> {
          followsTheDistribution(1, 0.3, seed);
          followsTheDistribution(24, 0.37, seed);
          followsTheDistribution(25, 0.37, seed);
          followsTheDistribution(60, 0.02, seed);
          followsTheDistribution(60, 0.98, seed);
          followsTheDistribution(700, 0.5, seed);
          followsTheDistribution(4_000, 0.005, seed);
        });
  }

  @Test
  void edges() {
    var random = new SplittableRandom(1);
    assertThat(CountDistributions.binomial(0, 0.5, random)).isZero();
    assertThat(CountDistributions.binomial(9, 0, random)).isZero();
    assertThat(CountDistributions.binomial(9, -1, random)).isZero();
    assertThat(CountDistributions.binomial(9, 1, random)).isEqualTo(9);
    assertThat(CountDistributions.binomial(900, 1.5, random)).isEqualTo(900);
    assertThat(CountDistributions.binomial(900, Math.nextDown(1.0), random)).isEqualTo(900);
    assertThat(CountDistributions.binomial(900, 1e-300, random)).isZero();
  }

  @Test
  void manyTrialsLieAroundTheMean() {
    var random = new SplittableRandom(2);
    int n = 2_000_000_000;
    double deviation = Math.sqrt(n * 0.25 * 0.75);
    for (int i = 0; i < 5; i++) {
      assertThat((double) CountDistributions.binomial(n, 0.25, random))
          .isBetween(0.25 * n - 6 * deviation, 0.25 * n + 6 * deviation);
    }
  }

  @Test
  void whatRoundingLeavesOverDoesNotWalkThroughAllNumbers() {
    double last = Math.nextDown(1.0);
    int n = 2_000_000_000;
    double deviation = Math.sqrt(n * 0.3 * 0.7);
    assertThat((double) CountDistributions.fromMode(n, 0.3, last))
        .isBetween(0.3 * n - 50 * deviation, 0.3 * n + 50 * deviation);
    assertThat(CountDistributions.fromMode(n, 1e-9, last)).isBetween(0, 200);
    assertThat(CountDistributions.fromMode(40, 0.2, last)).isBetween(0, 40);
  }

  @Test
  void theSameStreamGivesTheSame() {
    Seeds.forEach(
        20,
        seed ->
            assertThat(CountDistributions.binomial(5000, 0.3, new SplittableRandom(seed)))
                .isEqualTo(CountDistributions.binomial(5000, 0.3, new SplittableRandom(seed))));
  }
}
