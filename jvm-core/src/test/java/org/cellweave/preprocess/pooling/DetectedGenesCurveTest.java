package org.cellweave.preprocess.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class DetectedGenesCurveTest {
  /** A curve that goes through all points is found, and read backwards. */
  @Test
  void findsTheCurve() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          double a = 500 + 2000 * random.nextDouble();
          double b = 0.1 + random.nextDouble();
          double[] x = random.doubles(60, 0.05, 4).toArray();
          double[] y = Arrays.stream(x).map(v -> a * v / (1 + b * v)).toArray();
          var curve = DetectedGenesCurve.fit(x, y);
          assertThat(curve.a()).isCloseTo(a, within(1e-5 * a));
          assertThat(curve.b()).isCloseTo(b, within(1e-5));
          assertThat(curve.factor(a * 0.5 / (1 + b * 0.5))).isCloseTo(0.5, within(1e-5));
          assertThat(curve.factor(0)).isZero();
          assertThat(curve.factor(2 * a / b)).isEqualTo(Arrays.stream(x).max().orElse(0));
        });
  }

  @Test
  void aFewStrangersDoNotBendIt() {
    var random = new SplittableRandom(4);
    double[] x = random.doubles(200, 0.05, 4).toArray();
    double[] y = new double[200];
    Arrays.setAll(y, i -> 900 * x[i] / (1 + 0.4 * x[i]) * (0.98 + 0.04 * random.nextDouble()));
    for (int i = 0; i < 10; i++) {
      y[i] = 5000;
    }
    var curve = DetectedGenesCurve.fit(x, y);
    assertThat(curve.factor(900 * 0.3 / (1 + 0.4 * 0.3))).isCloseTo(0.3, within(0.02));
  }
}
