package org.cellweave.integrate.factor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class QuantileNormTest {
  private static QuantileNorm.Params.Builder plain() {
    return QuantileNorm.Params.builder().nNeighbors(1).minCells(2);
  }

  /** One factor, values 0 to 4 in set a, twice that in set b. */
  @Test
  void aSetThatIsTwiceTheReferenceIsHalved() {
    double[][] h = new double[10][];
    for (int i = 0; i < 10; i++) {
      h[i] = new double[] {i < 5 ? i : 2 * (i - 5)};
    }
    var sets = Categories.of("batch", 0, 0, 0, 0, 0, 1, 1, 1, 1, 1);
    var made =
        QuantileNorm.run(
            DenseMatrix.ofRows(h), sets, plain().reference("0").build(), Progress.NONE);
    assertThat(made.h().column(0)).containsExactly(0, 1, 2, 3, 4, 0, 1, 2, 3, 4);
    var other =
        QuantileNorm.run(
            DenseMatrix.ofRows(h), sets, plain().reference("1").build(), Progress.NONE);
    assertThat(other.h().column(0)).containsExactly(0, 2, 4, 6, 8, 0, 2, 4, 6, 8);
  }

  @Test
  void theStrongestFactorIsMeasuredByItsSizeInTheSet() {
    var h = DenseMatrix.ofRows(new double[][] {{100, 1}, {10, 2}, {100, 1}, {10, 2}});
    var sets = Categories.of("batch", 0, 0, 0, 0);
    assertThat(QuantileNorm.run(h, sets, plain().build(), Progress.NONE).cluster())
        .containsExactly(0, 1, 0, 1);
  }

  @Test
  void smallClustersStayAsTheyAreAndAreTold() {
    double[][] h = new double[12][];
    for (int i = 0; i < 12; i++) {
      h[i] = i == 11 ? new double[] {0, 5} : new double[] {1 + i, 0.1};
    }
    var sets = Categories.of("batch", 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1);
    var made = QuantileNorm.run(DenseMatrix.ofRows(h), sets, plain().build(), Progress.NONE);
    assertThat(made.h().get(11, 1)).isEqualTo(5);
    assertThat(made.unmapped()[1]).containsExactly(false, true);
  }

  @Test
  void mappedValuesLieWithinTheReferenceAndKeepTheirOrder() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          double[][] h = new double[400][1];
          for (int i = 0; i < 400; i++) {
            h[i][0] = i < 250 ? random.nextDouble() : 3 * random.nextDouble() * random.nextDouble();
          }
          var sets =
              Categories.of("batch", IntStream.range(0, 400).map(i -> i < 250 ? 0 : 1).toArray());
          var made =
              QuantileNorm.run(
                  DenseMatrix.ofRows(h), sets, QuantileNorm.Params.DEFAULTS, Progress.NONE);
          double sum = 0;
          for (int i = 250; i < 400; i++) {
            assertThat(made.h().get(i, 0)).isBetween(0.0, 1.0);
            sum += made.h().get(i, 0);
            for (int j = 250; j < i; j += 17) {
              if (h[i][0] > h[j][0]) {
                assertThat(made.h().get(i, 0)).isGreaterThanOrEqualTo(made.h().get(j, 0));
              }
            }
          }
          assertThat(sum / 150).isCloseTo(0.5, within(0.07));
        });
  }

  @Test
  void anUnknownReferenceIsNamed() {
    var h = DenseMatrix.ofRows(new double[][] {{1}, {2}});
    assertThatThrownBy(
            () ->
                QuantileNorm.run(
                    h, Categories.of("batch", 0, 1), plain().reference("x").build(), Progress.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reference")
        .hasMessageContaining("'x'");
  }
}
