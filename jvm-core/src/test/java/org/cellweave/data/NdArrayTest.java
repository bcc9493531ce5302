package org.cellweave.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.matrix.DType;
import org.junit.jupiter.api.Test;

class NdArrayTest {
  @Test
  void aMatrixHasTheSameNumbersAndTheSameType() {
    float[] given = {1, 2, 3, 4, 5, 6};
    var x = new NdArray(DType.FLOAT32, new int[] {2, 3}, given).toMatrix();
    assertThat(x.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(x.nRows()).isEqualTo(2);
    assertThat(x.get(1, 0)).isEqualTo(4);
    given[3] = 0;
    assertThat(x.get(1, 0)).as("a copy").isEqualTo(4);
    var whole = new NdArray(DType.INT64, new int[] {2, 1}, new long[] {7, 8}).toMatrix();
    assertThat(whole.dtype()).isEqualTo(DType.INT64);
    assertThat(whole.get(1, 0)).isEqualTo(8);
    assertThat(new NdArray(DType.FLOAT16, new int[] {1, 1}, new float[] {2}).toMatrix().dtype())
        .isEqualTo(DType.FLOAT16);
    var column = NdArray.of(1.5, 2.5).toMatrix();
    assertThat(column.nRows()).isEqualTo(2);
    assertThat(column.nCols()).isEqualTo(1);
  }

  @Test
  void whatIsNoMatrixIsRefused() {
    assertThatThrownBy(() -> NdArray.of("a").toMatrix())
        .hasMessage("a matrix needs numbers in one or two dimensions, got a text array of [1]");
    assertThatThrownBy(
            () -> new NdArray(DType.FLOAT64, new int[] {1, 1, 2}, new double[2]).toMatrix())
        .hasMessageContaining("got a float64 array of [1, 1, 2]");
  }
}
