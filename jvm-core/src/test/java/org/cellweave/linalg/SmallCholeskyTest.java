package org.cellweave.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SmallCholeskyTest {
  @Test
  void byHand() {
    double[] a = {4, 2, 2, 5};
    assertThat(SmallCholesky.factor(a, 2)).isTrue();
    assertThat(a[0]).isEqualTo(2);
    assertThat(a[2]).isEqualTo(1);
    assertThat(a[3]).isEqualTo(2);
    double[] b = {8, 12};
    SmallCholesky.solve(a, 2, b);
    assertThat(b[0]).isCloseTo(1, within(1e-15));
    assertThat(b[1]).isCloseTo(2, within(1e-15));
    double[] inverse = new double[4];
    SmallCholesky.inverse(a, 2, new double[2], inverse);
    assertThat(inverse)
        .containsExactly(new double[] {5 / 16.0, -2 / 16.0, -2 / 16.0, 4 / 16.0}, within(1e-15));
  }

  @Test
  void saysWhatIsNotPositive() {
    assertThat(SmallCholesky.factor(new double[] {1, 2, 2, 1}, 2)).isFalse();
    assertThat(SmallCholesky.factor(new double[] {Double.NaN}, 1)).isFalse();
  }
}
