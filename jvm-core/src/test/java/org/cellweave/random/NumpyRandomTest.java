package org.cellweave.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NumpyRandomTest {
  /** {@code numpy.random.seed(0); numpy.random.uniform(-1, 1, 3)} of numpy 2. */
  @Test
  void drawsAsNumpyDoes() {
    var random = new NumpyRandom(0);
    for (double expected : new double[] {0.09762701, 0.43037873, 0.20552675}) {
      assertThat(random.nextUniform(-1, 1)).isCloseTo(expected, within(5e-9));
    }
    var last = new NumpyRandom(4294967295L);
    assertThat(last.nextDouble()).isCloseTo(0.09763203, within(5e-9));
    assertThat(last.nextDouble()).isCloseTo(0.91238285, within(5e-9));
  }

  @Test
  void refusesASeedThatNumpyWouldNotTake() {
    assertThatThrownBy(() -> new NumpyRandom(-1)).hasMessageStartingWith("seed must lie in [0");
  }
}
