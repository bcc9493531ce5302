package org.cellweave.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AdjustedRandTest {
  @Test
  void namesDoNotMatter() {
    assertThat(AdjustedRand.of(new int[] {0, 0, 1, 2}, new int[] {2, 2, 0, 1})).isEqualTo(1);
  }

  /** sklearn's documented example: adjusted_rand_score([0, 0, 1, 2], [0, 0, 1, 1]). */
  @Test
  void aSplitClusterCosts() {
    assertThat(AdjustedRand.of(new int[] {0, 0, 1, 2}, new int[] {0, 0, 1, 1}))
        .isCloseTo(0.5714285714285714, within(1e-15));
  }

  @Test
  void lengthsMustAgree() {
    assertThatThrownBy(() -> AdjustedRand.of(new int[3], new int[2]))
        .hasMessage("b has length 2, but the length of a is 3");
  }
}
