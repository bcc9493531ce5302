package org.cellweave.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cellweave.util.NonFiniteException;
import org.junit.jupiter.api.Test;

class FiniteTest {
  @Test
  void theFirstByRowsIsNamedWhateverTheStorage() {
    var x = DenseMatrix.zeros(3000, 3, DType.FLOAT32);
    x.set(2500, 0, Double.NaN);
    x.set(1200, 2, Double.NEGATIVE_INFINITY);
    var csc = new CscMatrix(x.toCsr().transposeToCsr());
    for (Matrix form : List.of(x, x.toCsr(), csc)) {
      assertThat(Finite.firstBeyond(form, Double.MAX_VALUE))
          .isEqualTo(new Finite.Place(1200, 2, Double.NEGATIVE_INFINITY));
      assertThatThrownBy(() -> Finite.require(form, "X", "combat"))
          .hasMessage(
              "combat needs finite values, but X[1200, 2] is -Infinity. Remove or replace NaN and"
                  + " infinite values first");
      assertThatThrownBy(() -> Finite.require(form, "x"))
          .hasMessage("x must be finite, got -Infinity in row 1200, column 2")
          .isInstanceOfSatisfying(
              NonFiniteException.class,
              e -> {
                assertThat(e.name()).isEqualTo("x");
                assertThat(e.row()).isEqualTo(1200);
                assertThat(e.column()).isEqualTo(2);
                assertThat(e.value()).isEqualTo(Double.NEGATIVE_INFINITY);
              });
    }
  }

  @Test
  void numbersOfCells() {
    Finite.requireForCells(new double[] {0, -1e300}, "age");
    assertThatThrownBy(() -> Finite.requireForCells(new double[] {0, Double.NaN}, "age"))
        .isInstanceOf(NonFiniteException.class)
        .hasMessage("age must be finite, got NaN for cell 1");
  }

  @Test
  void sumsThatOverflowAreToldFromValuesThatAreNotFinite() {
    var x = DenseMatrix.wrap(new double[] {1e200, 2}, 1, 2);
    assertThat(Finite.sumsRefused(x, "X", "scale"))
        .isNotInstanceOf(NonFiniteException.class)
        .hasMessage("scale: sums of squares of X exceed the range of float64; rescale X first");
    x.set(0, 1, Double.NaN);
    assertThat(Finite.sumsRefused(x, "X", "scale"))
        .isInstanceOf(NonFiniteException.class)
        .hasMessageStartingWith("scale needs finite values, but X[0, 1] is NaN");
  }

  @Test
  void boundsHold() {
    var x = DenseMatrix.wrap(new float[] {1, -5}, 1, 2);
    assertThat(Finite.firstBeyond(x, 5)).isNull();
    assertThatThrownBy(() -> Finite.requireBelow(x, 4, "pcs", "Harmony"))
        .hasMessage(
            "pcs[0, 1] is -5.0, but Harmony works in float32 and needs values up to 4.0. Rescale the"
                + " values or remove that row first");
  }
}
