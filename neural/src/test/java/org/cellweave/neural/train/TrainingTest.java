package org.cellweave.neural.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TrainingTest {
  @Test
  void epochsFollowTheNumberOfCells() {
    assertThat(Training.epochsFor(100)).isEqualTo(400);
    assertThat(Training.epochsFor(20_000)).isEqualTo(400);
    assertThat(Training.epochsFor(32_472)).isEqualTo(246);
    assertThat(Training.epochsFor(48_074)).isEqualTo(166);
    assertThat(Training.epochsFor(100_000)).isEqualTo(80);
    assertThat(Training.epochsFor(1_000_000)).isEqualTo(8);
    assertThat(Training.epochsFor(100_000_000)).isEqualTo(1);
  }

  @Test
  void defaultsAreScviTools() {
    Training d = Training.DEFAULTS;
    assertThat(d.batchSize()).isEqualTo(128);
    assertThat(d.trainSize()).isEqualTo(0.9);
    assertThat(d.learningRate()).isEqualTo(1e-3);
    assertThat(d.optimizer()).isEqualTo(new Optimizer(0.9, 0.999, 0.01, 1e-6, false));
    assertThat(d.warmup()).isEqualTo(new Warmup(400, 0, 0, 1));
    assertThat(d.earlyStopping()).isNull();
    assertThat(d.plateau()).isNull();
    assertThat(EarlyStopping.DEFAULTS).isEqualTo(new EarlyStopping("elbo_validation", 45, 0, 0));
    assertThat(Plateau.DEFAULTS).isEqualTo(new Plateau("elbo_validation", 0.6, 30, 0, 0));
  }

  @Test
  void validatesWhereSomethingWatches() {
    assertThat(Training.DEFAULTS.validationInterval()).isZero();
    assertThat(Training.builder().earlyStopping(EarlyStopping.DEFAULTS).build())
        .extracting(Training::validationInterval)
        .isEqualTo(1);
    assertThat(Training.builder().plateau(Plateau.DEFAULTS).checkValEveryNEpoch(5).build())
        .extracting(Training::validationInterval)
        .isEqualTo(5);
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> Training.builder().batchSize(2).build())
        .hasMessage("batchSize must be at least 3, for the statistics of a minibatch, got 2");
    assertThatThrownBy(() -> Training.builder().batchSize(0).build())
        .hasMessageContaining("batchSize must be positive, got 0");
    assertThatThrownBy(() -> Training.builder().learningRate(0).build())
        .hasMessageContaining("lr must be positive");
    assertThatThrownBy(() -> Training.builder().maxEpochs(-1).build())
        .hasMessageContaining("maxEpochs");
    assertThatThrownBy(() -> Training.builder().checkValEveryNEpoch(-1).build())
        .hasMessageContaining("checkValEveryNEpoch");
    assertThatThrownBy(() -> new Optimizer(1.5, 0.9, 0.01, 0, false)).hasMessageContaining("beta1");
    assertThatThrownBy(() -> new Optimizer(0.9, -1, 0.01, 0, false)).hasMessageContaining("beta2");
    assertThatThrownBy(() -> new Optimizer(0.9, 0.9, 0, 0, false)).hasMessageContaining("eps");
    assertThatThrownBy(() -> new Optimizer(0.9, 0.9, 1, -1, false))
        .hasMessageContaining("weightDecay");
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable made, String message) {
    assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void everyNumberIsCheckedBeforeTraining() {
    String monitor = "elbo_validation";
    refused(
        () -> new EarlyStopping(monitor, 0, 0, 0), "earlyStoppingPatience must be positive, got 0");
    refused(
        () -> new EarlyStopping(monitor, 1, Double.NaN, 0),
        "earlyStoppingMinDelta must be a finite number, got NaN");
    refused(
        () -> new EarlyStopping(monitor, 1, 0, -1),
        "earlyStoppingWarmupEpochs must not be negative, got -1");
    for (double factor : new double[] {2, 1, 0, -1, Double.NaN}) {
      refused(
          () -> new Plateau(monitor, factor, 1, 0, 0),
          "lrFactor must lie between 0 and 1, so that rates fall, got " + factor);
    }
    refused(() -> new Plateau(monitor, 0.5, -1, 0, 0), "lrPatience must not be negative, got -1");
    refused(
        () -> new Plateau(monitor, 0.5, 1, Double.NaN, 0),
        "lrThreshold must be a finite number, got NaN");
    refused(
        () -> new Plateau(monitor, 0.5, 1, 0, Double.NaN),
        "lrMin must be a finite number, got NaN");
    refused(() -> new Warmup(1, 0, 0, Double.NaN), "maxKlWeight must be a finite number, got NaN");
    refused(
        () -> new Warmup(1, 0, Double.NaN, 1),
        "minKlWeight must lie in [0, maxKlWeight = 1.0], got NaN");
    refused(
        () -> Training.builder().learningRate(Double.POSITIVE_INFINITY).build(),
        "lr must be a finite number, got Infinity");
    refused(
        () -> new Training.CheckpointFolder(java.nio.file.Path.of("x"), 0),
        "checkpointEveryNEpoch must be positive, got 0");
  }
}
