package org.cellweave.matrix;

import static org.assertj.core.api.Assertions.assertThat;

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
}
