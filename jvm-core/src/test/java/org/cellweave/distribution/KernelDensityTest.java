package org.cellweave.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class KernelDensityTest {
  @Test
  void twoValuesByHand() {
    // Deviation sqrt(2), so that the bandwidth is sqrt(2) / 2^(1/5).
    double width = Math.sqrt(2) * Math.pow(2, -0.2);
    double[] values = {0, 2};
    assertThat(KernelDensity.bandwidth(values, 1)).isCloseTo(width, within(1e-12));
    var middle = KernelDensity.at(values, new double[] {1}, 1);
    double z = 1 / width;
    assertThat(middle.height()[0])
        .isCloseTo(Math.exp(-z * z / 2) / (width * Math.sqrt(2 * Math.PI)), within(1e-12));
  }

  @Test
  void threadsDoNotMatterAndTheAreaIsOne() {
    Seeds.forEach(
        20,
        seed -> {
          double[] values =
              DoubleStream.generate(new SplittableRandom(seed)::nextGaussian).limit(200).toArray();
          var params = KernelDensity.Params.builder().cut(6).build();
          var one = Seeds.withThreads(1, () -> KernelDensity.run(values, params));
          for (int threads : new int[] {2, 7}) {
            var more = Seeds.withThreads(threads, () -> KernelDensity.run(values, params));
            assertThat(more.height()).isEqualTo(one.height());
          }
          double step = one.at()[1] - one.at()[0];
          double area = 0;
          for (double h : one.height()) {
            area += h * step;
          }
          assertThat(area).isCloseTo(1, within(1e-4));
        });
  }

  @Test
  void thereIsNoneOfOneValue() {
    assertThat(KernelDensity.exists(new double[] {1})).isFalse();
    assertThat(KernelDensity.exists(new double[] {1, 1, 1})).isFalse();
    assertThat(KernelDensity.exists(new double[] {1, 2})).isTrue();
    assertThatThrownBy(() -> KernelDensity.run(new double[] {3, 3}, KernelDensity.Params.DEFAULTS))
        .hasMessageContaining("at least two values that differ, got 2 times 3.0");
    assertThatThrownBy(() -> KernelDensity.run(new double[0], KernelDensity.Params.DEFAULTS))
        .hasMessageContaining("got none");
    assertThatThrownBy(() -> KernelDensity.Params.builder().adjust(0).build())
        .hasMessageContaining("bwAdjust must be positive");
    assertThatThrownBy(() -> KernelDensity.Params.builder().grid(1).build())
        .hasMessageContaining("gridsize must be at least 2, got 1");
    assertThatThrownBy(() -> KernelDensity.Params.builder().cut(-1).build())
        .hasMessageContaining("cut");
  }
}
