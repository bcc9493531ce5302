package org.cellweave.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class HexBinsTest {
  @Test
  void byHand() {
    // Two columns and one row of rectangles: corners belong to the first lattice, middles to the
    // second.
    var hexes =
        HexBins.run(new double[] {0, 2, 0.5, 1.5, 1.5}, new double[] {0, 1, 0.5, 0.5, 0.5}, 2);
    assertThat(hexes.counts()).containsExactly(1, 1, 1, 2);
    assertThat(hexes.stepX()).isCloseTo(1, within(1e-6));
    assertThat(hexes.x()[3]).isCloseTo(1.5, within(1e-6));
    assertThat(hexes.y()[3]).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void everyPointIsInOneHexagonNearIt() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          double[] x = DoubleStream.generate(random::nextGaussian).limit(500).toArray();
          double[] y = DoubleStream.generate(random::nextGaussian).limit(500).toArray();
          var hexes = HexBins.run(x, y, 12);
          assertThat(Arrays.stream(hexes.counts()).sum()).isEqualTo(500);
          for (int i = 0; i < 500; i++) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int k = 0; k < hexes.x().length; k++) {
              double dx = (x[i] - hexes.x()[k]) / hexes.stepX();
              double dy = (y[i] - hexes.y()[k]) / hexes.stepY();
              nearest = Math.min(nearest, dx * dx + 3 * dy * dy);
            }
            // No point of a regular hexagon is farther from its middle than a corner.
            assertThat(nearest).isLessThanOrEqualTo(1 / 3.0 + 1e-9);
          }
        });
  }

  @Test
  void onePointAndRefusals() {
    assertThat(HexBins.run(new double[] {3}, new double[] {4}, 5).counts()).containsExactly(1);
    assertThatThrownBy(() -> HexBins.run(new double[] {1}, new double[] {1}, 0))
        .hasMessageContaining("gridsize must be positive");
    assertThatThrownBy(() -> HexBins.run(new double[] {1}, new double[] {1, 2}, 3))
        .hasMessageContaining("y has length 2, but the length of x is 1");
  }
}
