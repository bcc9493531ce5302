package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class HighestExpressedTest {
  private static HighestExpressed.Params top(int n) {
    return HighestExpressed.Params.builder().nTop(n).build();
  }

  @Test
  void handComputedCase() {
    var x = DenseMatrix.wrap(new float[] {1, 3, 0, 5, 0, 5, 0, 0, 0}, 3, 3);
    var result = HighestExpressed.run(x, top(2));
    // Percentages are 25 75 0, 50 0 50 and none; the third cell counts in the means.
    assertThat(result.genes()).containsExactly(0, 1);
    assertThat(result.meanPercent()).containsExactly(25, 25);
    assertThat(result.percent()[0]).containsExactly(25, 50, 0);
    assertThat(result.percent()[1]).containsExactly(75, 0, 0);
    assertThat(HighestExpressed.run(x, HighestExpressed.Params.DEFAULTS).genes()).hasSize(3);
  }

  private static CsrMatrix random(long seed) {
    var random = new SplittableRandom(seed);
    float[] v = new float[700 * 40];
    for (int i = 0; i < v.length; i++) {
      v[i] = random.nextInt(3) == 0 ? random.nextInt(50) : 0;
    }
    return DenseMatrix.wrap(v, 700, 40).toCsr();
  }

  @Test
  void invariants() {
    Seeds.forEach(
        20,
        seed -> {
          CsrMatrix x = random(seed);
          var all = HighestExpressed.run(x, top(40));
          var some = HighestExpressed.run(x, top(7));
          assertThat(some.genes()).isEqualTo(java.util.Arrays.copyOf(all.genes(), 7));
          double sum = 0;
          for (int r = 0; r < 40; r++) {
            sum += all.meanPercent()[r];
            assertThat(r == 0 || all.meanPercent()[r] <= all.meanPercent()[r - 1]).isTrue();
          }
          assertThat(sum).isCloseTo(100, org.assertj.core.api.Assertions.within(Tolerance.F64));
          var dense = HighestExpressed.run(x.toDense(), top(7));
          assertThat(dense.percent()).isDeepEqualTo(some.percent());
        });
  }

  @Test
  void bitsDoNotDependOnThreads() {
    CsrMatrix x = random(3);
    var one = Seeds.withThreads(1, () -> HighestExpressed.run(x, top(9)));
    for (int threads : new int[] {2, 7}) {
      var other = Seeds.withThreads(threads, () -> HighestExpressed.run(x, top(9)));
      assertThat(other.meanPercent()).isEqualTo(one.meanPercent());
      assertThat(other.percent()).isDeepEqualTo(one.percent());
    }
  }

  @Test
  void mistakes() {
    assertThatThrownBy(() -> top(0)).hasMessage("nTop must be positive, got 0");
    var x = DenseMatrix.wrap(new float[] {1, 2, 3, -4}, 2, 2);
    assertThatThrownBy(() -> HighestExpressed.run(x, top(1)))
        .hasMessageContaining("row 1, column 1 is -4.0");
  }
}
