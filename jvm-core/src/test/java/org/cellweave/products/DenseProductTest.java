package org.cellweave.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class DenseProductTest {
  @Test
  void byHand() {
    var a = DenseMatrix.ofRows(new double[][] {{1, 2}, {3, 4}, {0, -1}});
    var b = DenseMatrix.ofRows(new double[][] {{5, 6, 7}, {8, 9, 10}});
    assertThat(DenseProduct.of(a, b, DType.FLOAT64).doubleData())
        .containsExactly(21, 24, 27, 47, 54, 61, -8, -9, -10);
    assertThat(DenseProduct.of(a, b, DType.FLOAT32).dtype()).isEqualTo(DType.FLOAT32);
    var none = DenseMatrix.zeros(2, 0, DType.FLOAT64);
    assertThat(DenseProduct.of(a, none, DType.FLOAT64).shape()).isEqualTo("3 x 0");
    assertThatThrownBy(() -> DenseProduct.of(a, a, DType.FLOAT64))
        .isInstanceOf(ShapeMismatchException.class)
        .hasMessageContaining("as many columns as the other has rows, got 3 x 2 and 3 x 2");
  }

  @Test
  void threadsDoNotMatter() {
    Seeds.forEach(
        5,
        seed -> {
          var a = Seeds.counts(700, 90, 0.4, seed).toDense();
          var b = Seeds.counts(90, 33, 0.4, seed + 1).toDense();
          var one = Seeds.withThreads(1, () -> DenseProduct.of(a, b, DType.FLOAT64).doubleData());
          for (int threads : new int[] {2, 7}) {
            assertThat(
                    Seeds.withThreads(
                        threads, () -> DenseProduct.of(a, b, DType.FLOAT64).doubleData()))
                .isEqualTo(one);
          }
        });
  }
}
