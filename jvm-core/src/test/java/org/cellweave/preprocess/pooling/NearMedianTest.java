package org.cellweave.preprocess.pooling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Median;
import org.junit.jupiter.api.Test;

class NearMedianTest {
  @Test
  void isTheMedianWhateverWasExpected() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          int n = 1 + random.nextInt(700);
          var near = new NearMedian(n);
          for (int run = 0; run < 30; run++) {
            double[] v = new double[n];
            for (int k = 0; k < n; k++) {
              v[k] = random.nextDouble() < run / 40.0 ? 0 : random.nextInt(50) / 7.0;
            }
            double[] before = v.clone();
            double expected =
                run == 0 ? Double.NaN : Median.of(v) * (0.8 + 0.4 * random.nextDouble());
            assertThat(near.of(v, expected)).isEqualTo(Median.of(v));
            assertThat(near.of(v, 1e6)).isEqualTo(Median.of(v));
            assertThat(v).isEqualTo(before);
          }
        });
  }
}
