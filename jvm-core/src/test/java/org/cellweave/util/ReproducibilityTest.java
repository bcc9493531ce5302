package org.cellweave.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ReproducibilityTest {
  private static final Map<String, String> SET = Map.of("CELLWEAVE_REPRODUCIBLE", "everywhere");

  @Test
  void thePropertyCountsBeforeTheEnvironment() {
    assertThat(Reproducibility.Choice.atStart(null, Map.of())).isEqualTo(Reproducibility.MACHINE);
    assertThat(Reproducibility.Choice.atStart("", SET)).isEqualTo(Reproducibility.EVERYWHERE);
    assertThat(Reproducibility.Choice.atStart("machine", SET)).isEqualTo(Reproducibility.MACHINE);
    assertThatThrownBy(
            () -> Reproducibility.Choice.atStart(null, Map.of("CELLWEAVE_REPRODUCIBLE", "always")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("CELLWEAVE_REPRODUCIBLE must be one of [machine, everywhere], got 'always'.");
  }

  @Test
  void theChoiceStandsOnceItWasReliedOn() {
    var choice = new Reproducibility.Choice();
    choice.choose(Reproducibility.EVERYWHERE);
    choice.choose(Reproducibility.MACHINE);
    choice.choose(Reproducibility.EVERYWHERE);
    assertThat(choice.fixed()).isEqualTo(Reproducibility.EVERYWHERE);
    choice.choose(Reproducibility.EVERYWHERE);
    assertThatThrownBy(() -> choice.choose(Reproducibility.MACHINE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "results of this process are reproducible on \"everywhere\" already, and something was"
                + " computed; \"machine\" must be chosen before: as the first line of a script, by"
                + " the launcher's --reproducible machine, or after a restart of the kernel");
    assertThat(choice.current()).isEqualTo(Reproducibility.EVERYWHERE);
  }
}
