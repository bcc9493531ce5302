package org.cellweave.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class SamenessTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  @Test
  void byHand() {
    var a = DenseMatrix.ofRows(new double[][] {{1, INF}, {0, 2}});
    var b = DenseMatrix.ofRows(new double[][] {{1, INF}, {0, 2.001}});
    assertThat(Sameness.of(a, a.toCsr(), 0, 0, false)).isTrue();
    assertThat(Sameness.of(a, b, 0, 0, false)).isFalse();
    assertThat(Sameness.of(a, b, 0, 0.01, false)).isTrue();
    assertThat(Sameness.of(a, b, 1e-3, 0, false)).isTrue();
    assertThat(Sameness.of(a, b.transpose(), 1, 1, false)).isFalse();
    assertThat(Sameness.of(a, DenseMatrix.zeros(2, 3, DType.FLOAT64), 1, 1, false)).isFalse();
    assertThat(Sameness.near(Double.NaN, Double.NaN, 1, 1, false)).isFalse();
    assertThat(Sameness.near(Double.NaN, Double.NaN, 0, 0, true)).isTrue();
    assertThat(Sameness.near(INF, -INF, 1, 1, false)).isFalse();
    assertThat(Sameness.near(INF, 1, 1, 1, false)).isFalse();
  }

  @Test
  void storageDoesNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(300, 20, 0.2, seed);
          assertThat(Sameness.of(x, x.toDense(), 0, 0, false)).isTrue();
          assertThat(Sameness.of(new CscMatrix(x.transposeToCsr()), x, 0, 0, false)).isTrue();
          var y = x.toDense().copy();
          y.set(299, 19, -1);
          assertThat(Sameness.of(x, y, 0, 0.5, false)).isFalse();
        });
  }
}
