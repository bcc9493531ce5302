package org.cellweave.neural.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static History validatedOnce() {
    var history = new History();
    history.endEpoch(Map.of("elbo_train", 3.0));
    history.endEpoch(Map.of("elbo_train", 2.0, "elbo_validation", 5.0));
    history.endEpoch(Map.of("elbo_train", 1.0));
    return history;
  }

  @Test
  void epochsWithoutAValueAreNaN() {
    History history = validatedOnce();
    assertThat(history.epochs()).isEqualTo(3);
    assertThat(history.names()).containsExactly("elbo_train", "elbo_validation");
    assertThat(history.get("elbo_train")).containsExactly(3, 2, 1);
    assertThat(history.get("elbo_validation")).containsExactly(Double.NaN, 5, Double.NaN);
  }

  @Test
  void aSecondTrainingGoesOn() {
    var more = new History();
    more.endEpoch(Map.of("elbo_train", 0.5, "learning_rate", 0.1));
    History both = validatedOnce().then(more);
    assertThat(both.epochs()).isEqualTo(4);
    assertThat(both.get("elbo_train")).containsExactly(3, 2, 1, 0.5);
    assertThat(both.get("elbo_validation")).containsExactly(Double.NaN, 5, Double.NaN, Double.NaN);
    assertThat(both.get("learning_rate")).containsExactly(Double.NaN, Double.NaN, Double.NaN, 0.1);
  }

  @Test
  void comesBackFromItsSeries() {
    History history = validatedOnce();
    History back =
        History.of(
            Map.of(
                "elbo_train", history.get("elbo_train"),
                "elbo_validation", history.get("elbo_validation")));
    assertThat(back.epochs()).isEqualTo(3);
    assertThat(back.get("elbo_validation")).isEqualTo(history.get("elbo_validation"));
    assertThat(History.of(Map.of()).epochs()).isZero();
  }

  @Test
  void namesWhatThereIs() {
    assertThat(validatedOnce().has("kl_weight")).isFalse();
    assertThatThrownBy(() -> validatedOnce().get("kl_weight"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("history has no 'kl_weight'; it has [elbo_train, elbo_validation]");
  }
}
