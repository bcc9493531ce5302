package org.cellweave.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cellweave.matrix.DType;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class SparsePlacesTest {
  @Test
  void exactlyAsManyPlacesAsAskedFor() {
    Seeds.forEach(
        20,
        seed -> {
          var x = SparsePlaces.of(50, 40, 0.1, seed, DType.FLOAT64);
          assertThat(x.nnz()).isEqualTo(200);
          double[] values = x.toDense().doubleData();
          double[] again = SparsePlaces.of(50, 40, 0.1, seed, DType.FLOAT64).toDense().doubleData();
          double[] other =
              SparsePlaces.of(50, 40, 0.1, seed + 1, DType.FLOAT64).toDense().doubleData();
          assertThat(again).isEqualTo(values).isNotEqualTo(other);
          assertThat(Arrays.stream(values)).allMatch(v -> v >= 0 && v < 1);
        });
    assertThat(SparsePlaces.of(3, 4, 1, 0, DType.FLOAT64).nnz()).isEqualTo(12);
    assertThat(SparsePlaces.of(3, 4, 0, 0, DType.FLOAT64).nnz()).isZero();
  }

  @Test
  void everyPlaceIsEquallyLikely() {
    double[] sums = new double[12];
    for (long seed = 0; seed < 4000; seed++) {
      double[] values = SparsePlaces.of(3, 4, 0.25, seed, DType.FLOAT64).toDense().doubleData();
      for (int k = 0; k < 12; k++) {
        sums[k] += values[k] > 0 ? 1 : 0;
      }
    }
    for (double sum : sums) {
      assertThat(sum / 4000).isCloseTo(0.25, within(0.035));
    }
  }

  @Test
  void wrongShapesAndDensities() {
    assertThatThrownBy(() -> SparsePlaces.of(-1, 2, 0.1, 0, DType.FLOAT64))
        .hasMessageContaining("m must");
    assertThatThrownBy(() -> SparsePlaces.of(1, 2, 1.5, 0, DType.FLOAT64))
        .hasMessageContaining("density");
  }
}
