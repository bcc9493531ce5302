package org.cellweave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrderingTest {
  @Test
  void equalValuesShareTheMeanOfTheirRanks() {
    assertThat(Ordering.meanRanks(new double[] {3, 1, 3, -2, 3, 1}))
        .containsExactly(5, 2.5, 5, 1, 5, 2.5);
    assertThat(Ordering.meanRanks(new double[] {0.0, -0.0})).containsExactly(1.5, 1.5);
    assertThat(Ordering.meanRanks(new double[0])).isEmpty();
  }
}
