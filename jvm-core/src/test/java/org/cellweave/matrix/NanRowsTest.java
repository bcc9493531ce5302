package org.cellweave.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.util.NonFiniteException;
import org.junit.jupiter.api.Test;

class NanRowsTest {
  @Test
  void rowsWithANaN() {
    double nan = Double.NaN;
    var x = DenseMatrix.ofRows(new double[][] {{0, 1}, {nan, 0}, {Double.POSITIVE_INFINITY, 2}});
    assertThat(NanRows.of(x)).containsExactly(false, true, false);
    assertThat(NanRows.of(x.toCsr())).containsExactly(false, true, false);
    assertThat(NanRows.of(DenseMatrix.zeros(0, 3, DType.FLOAT32))).isEmpty();
  }

  @Test
  void infiniteValuesAreRefusedWhereAsked() {
    var x = DenseMatrix.ofRows(new double[][] {{0, 1}, {Double.NaN, 1}, {2, 0}});
    for (Matrix stored : new Matrix[] {x, x.toCsr()}) {
      assertThat(NanRows.withoutInfinite(stored, "X", "a step"))
          .containsExactly(false, true, false);
    }
    x.set(2, 1, Double.NEGATIVE_INFINITY);
    for (Matrix stored : new Matrix[] {x, x.toCsr()}) {
      assertThatThrownBy(() -> NanRows.withoutInfinite(stored, "layers['a']", "a step"))
          .isInstanceOf(NonFiniteException.class)
          .hasMessageContaining("a step needs finite values, but layers['a'][2, 1] is -Infinity");
    }
  }
}
