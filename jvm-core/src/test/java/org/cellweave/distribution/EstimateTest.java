package org.cellweave.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.cellweave.distribution.Estimate.Interval;
import org.cellweave.distribution.Estimate.Of;
import org.cellweave.distribution.Estimate.Params;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class EstimateTest {
  private static final double[] VALUES = {4, 1, 3, 2};

  private static Estimate.Result of(Of estimator, Interval interval, double level) {
    return Estimate.run(
        VALUES, Params.builder().estimator(estimator).interval(interval).level(level).build());
  }

  @Test
  void numbersByHand() {
    var expected =
        Map.of(
            Of.MEAN,
            2.5,
            Of.MEDIAN,
            2.5,
            Of.SUM,
            10.0,
            Of.MIN,
            1.0,
            Of.MAX,
            4.0,
            Of.STD,
            Math.sqrt(5 / 3.0),
            Of.COUNT,
            4.0);
    expected.forEach(
        (estimator, value) ->
            assertThat(of(estimator, Interval.NONE, 95).value())
                .as("%s", estimator)
                .isCloseTo(value, within(1e-12)));
    assertThat(of(Of.MEAN, Interval.NONE, 95).low()).isNaN();
  }

  @Test
  void intervalsByHand() {
    double sd = Math.sqrt(5 / 3.0);
    var deviations = of(Of.MEAN, Interval.SD, 2);
    assertThat(deviations.low()).isCloseTo(2.5 - 2 * sd, within(1e-12));
    assertThat(deviations.high()).isCloseTo(2.5 + 2 * sd, within(1e-12));
    assertThat(of(Of.MEAN, Interval.SE, 1).high()).isCloseTo(2.5 + sd / 2, within(1e-12));
    var percentiles = of(Of.MEDIAN, Interval.PI, 50);
    assertThat(percentiles.low()).isCloseTo(1.75, within(1e-12));
    assertThat(percentiles.high()).isCloseTo(3.25, within(1e-12));
  }

  @Test
  void drawsAreTheSameForAnyThreadsAndOrder() {
    Seeds.forEach(
        20,
        seed -> {
          double[] values =
              DoubleStream.generate(new SplittableRandom(seed)::nextGaussian).limit(100).toArray();
          var params = Params.builder().seed(seed).build();
          var one = Seeds.withThreads(1, () -> Estimate.run(values, params));
          for (int threads : new int[] {2, 7}) {
            assertThat(Seeds.withThreads(threads, () -> Estimate.run(values, params)))
                .isEqualTo(one);
          }
          double[] reversed = new double[100];
          for (int i = 0; i < 100; i++) {
            reversed[i] = values[99 - i];
          }
          var other = Estimate.run(reversed, params);
          assertThat(other.low()).isEqualTo(one.low());
          assertThat(other.high()).isEqualTo(one.high());
          // Of a mean of normal numbers the interval is near the one of the normal distribution.
          double half = 1.96 * Estimate.deviation(values) / 10;
          assertThat(one.high() - one.low()).isCloseTo(2 * half, within(0.25 * half));
        });
  }

  @Test
  void ofOneOrNoValueThereIsNoInterval() {
    var one = Estimate.run(new double[] {7}, Params.DEFAULTS);
    assertThat(one.value()).isEqualTo(7);
    assertThat(one.low()).isNaN();
    assertThat(Estimate.run(new double[0], Params.DEFAULTS).value()).isNaN();
    var sum = Params.builder().estimator(Of.SUM).build();
    assertThat(Estimate.run(new double[0], sum).value()).isZero();
  }

  @Test
  void refusesLevelsThatAreNone() {
    assertThatThrownBy(() -> Params.builder().level(0).build())
        .hasMessageContaining("the level of errorbar must be positive");
    assertThatThrownBy(() -> Params.builder().level(101).build())
        .hasMessageContaining("the level of errorbar");
    assertThatThrownBy(() -> Params.builder().draws(0).build())
        .hasMessageContaining("nBoot must be positive");
  }
}
