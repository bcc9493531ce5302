package org.cellweave.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Printed by R 4: set.seed(1); runif(3), set.seed(42); runif(3); sample(10), sample(1000, 5). */
class RRandomTest {
  @Test
  void uniformNumbersAreRs() {
    var random = new RRandom(1);
    for (double expected : new double[] {0.26550866, 0.37212390, 0.57285336}) {
      assertThat(random.nextUniform()).isCloseTo(expected, within(5e-9));
    }
    random = new RRandom(42);
    for (double expected : new double[] {0.914806043, 0.937075413, 0.286139535}) {
      assertThat(random.nextUniform()).isCloseTo(expected, within(5e-10));
    }
  }

  @Test
  void samplesAreRs() {
    assertThat(new RRandom(42).sample(10, 10)).containsExactly(0, 4, 9, 7, 1, 3, 5, 8, 6, 2);
    assertThat(new RRandom(1).sample(10, 10)).containsExactly(8, 3, 6, 0, 1, 4, 2, 9, 5, 7);
    assertThat(new RRandom(123).sample(1000, 5)).containsExactly(414, 462, 178, 525, 194);
  }

  @Test
  void longStreamsStayInside() {
    var random = new RRandom(-7);
    double sum = 0;
    for (int i = 0; i < 100_000; i++) {
      double u = random.nextUniform();
      assertThat(u > 0 && u < 1).isTrue();
      sum += u;
    }
    assertThat(sum / 100_000).isCloseTo(0.5, within(0.005));
  }
}
