package org.cellweave.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiniteValuesTest {
  @Test
  void theFirstByRowsIsNamedWhateverTheStorage() {
    var x = DenseMatrix.zeros(3000, 3, DType.FLOAT32);
    x.set(2500, 0, Double.NaN);
    x.set(1200, 2, Double.NEGATIVE_INFINITY);
    var csc = new CscMatrix(x.toCsr().transposeToCsr());
    for (Matrix form : List.of(x, x.toCsr(), csc)) {
      assertThat(FiniteValues.firstBeyond(form, Double.MAX_VALUE))
          .isEqualTo(new FiniteValues.Place(1200, 2, Double.NEGATIVE_INFINITY));
      assertThatThrownBy(() -> FiniteValues.require(form, "X", "combat"))
          .hasMessage(
              "combat needs finite values, but X[1200, 2] is -Infinity. Remove or replace NaN and"
                  + " infinite values first");
    }
  }

  @Test
  void boundsHold() {
    var x = DenseMatrix.wrap(new float[] {1, -5}, 1, 2);
    assertThat(FiniteValues.firstBeyond(x, 5)).isNull();
    assertThatThrownBy(() -> FiniteValues.requireBelow(x, 4, "pcs", "Harmony"))
        .hasMessage(
            "pcs[0, 1] is -5.0, but Harmony works in float32 and needs values up to 4.0. Rescale the"
                + " values or remove that row first");
  }
}
