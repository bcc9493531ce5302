package org.cellweave.neural.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WarmupTest {
  @Test
  void risesOverEpochs() {
    assertThat(Warmup.DEFAULTS.weight(0, 999)).isZero();
    assertThat(Warmup.DEFAULTS.weight(24, 0)).isCloseTo(0.06, within(1e-12));
    assertThat(Warmup.DEFAULTS.weight(399, 0)).isCloseTo(399 / 400.0, within(1e-12));
    assertThat(Warmup.DEFAULTS.weight(400, 0)).isEqualTo(1);
    assertThat(Warmup.DEFAULTS.weight(4000, 0)).isEqualTo(1);
  }

  @Test
  void risesOverStepsWhereNoEpochsAreSet() {
    var steps = new Warmup(0, 200, 0.1, 0.5);
    assertThat(steps.weight(300, 0)).isEqualTo(0.1);
    assertThat(steps.weight(0, 50)).isCloseTo(0.2, within(1e-12));
    assertThat(steps.weight(0, 200)).isEqualTo(0.5);
    assertThat(new Warmup(10, 200, 0, 1).weight(5, 0)).isEqualTo(0.5);
  }

  @Test
  void isTheMostFromTheStartWithNeither() {
    assertThat(new Warmup(0, 0, 0, 0.7).weight(0, 0)).isEqualTo(0.7);
  }

  @Test
  void refusesWeightsInTheWrongOrder() {
    assertThatThrownBy(() -> new Warmup(10, 0, 2, 1))
        .hasMessage("minKlWeight must lie in [0, maxKlWeight = 1.0], got 2.0");
    assertThatThrownBy(() -> new Warmup(10, 0, -0.1, 1)).hasMessageContaining("got -0.1");
    assertThatThrownBy(() -> new Warmup(-1, 0, 0, 1)).hasMessageContaining("nEpochsKlWarmup");
    assertThatThrownBy(() -> new Warmup(0, -1, 0, 1)).hasMessageContaining("nStepsKlWarmup");
  }
}
