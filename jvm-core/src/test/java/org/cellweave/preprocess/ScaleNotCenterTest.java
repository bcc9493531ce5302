package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class ScaleNotCenterTest {
  private static final Categories TWO =
      new Categories("set", new int[] {0, 0, 1, 1}, new String[] {"a", "b"});

  @Test
  void byHand() {
    var x = DenseMatrix.ofRows(new double[][] {{3, 0}, {4, 0}, {0, 1}, {2, 1}});
    var made = ScaleNotCenter.run(x, TWO);
    assertThat(made.scale()).isDeepEqualTo(new double[][] {{5, 0}, {2, Math.sqrt(2)}});
    assertThat(made.x().get(0, 0)).isCloseTo(0.6, within(1e-12));
    assertThat(made.x().get(3, 0)).isCloseTo(1, within(1e-12));
    assertThat(made.x().get(3, 1)).isCloseTo(Math.sqrt(0.5), within(1e-12));
    assertThat(made.x().get(0, 1)).isZero();
    assertThat(x.get(0, 0)).as("the input").isEqualTo(3);
  }

  @Test
  void squaresAreThoseOfGenesWithValuesAndSparseStaysSparse() {
    Seeds.forEach(
        20,
        seed -> {
          Matrix x = Seeds.counts(600, 25, 0.2, seed);
          int[] codes = IntStream.range(0, 600).map(i -> i % 2).toArray();
          var sets = new Categories("set", codes, new String[] {"a", "b"});
          var one = Seeds.withThreads(1, () -> ScaleNotCenter.run(x, sets));
          assertThat(one.x()).isInstanceOf(CsrMatrix.class);
          double squares = 0;
          for (int i = 0; i < 600; i++) {
            for (int j = 0; j < 25; j++) {
              squares += one.x().get(i, j) * one.x().get(i, j);
            }
          }
          long present =
              Arrays.stream(one.scale()).flatMapToDouble(Arrays::stream).filter(v -> v > 0).count();
          assertThat(squares).isCloseTo(299.0 * present, within(1e-3));
          var seven = Seeds.withThreads(7, () -> ScaleNotCenter.run(x.toDense(), sets));
          assertThat(seven.scale()).isDeepEqualTo(one.scale());
          assertThat(seven.x().get(5, 3)).isEqualTo(one.x().get(5, 3));
        });
  }

  @Test
  void messages() {
    var x = DenseMatrix.ofRows(new double[][] {{3, 0}, {Double.NaN, 0}, {0, 1}, {2, 1}});
    assertThatThrownBy(() -> ScaleNotCenter.run(x, TWO)).hasMessageContaining("X[1, 0] is NaN");
    var alone = new Categories("set", new int[] {0, 0, 0, 1}, new String[] {"a", "b"});
    assertThatThrownBy(() -> ScaleNotCenter.run(DenseMatrix.ofRows(new double[4][2]), alone))
        .hasMessageContaining("level 'b' of set has 1 cell, but scaleNotCenter needs at least 2");
  }
}
