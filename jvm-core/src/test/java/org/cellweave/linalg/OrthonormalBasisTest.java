package org.cellweave.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.cellweave.util.ShapeMismatchException;
import org.junit.jupiter.api.Test;

class OrthonormalBasisTest {
  @Test
  void byHand() {
    double[][] columns = {{3, 4, 0}, {6, 8, 0}, {3, 4, 2}};
    var basis = OrthonormalBasis.of(columns, new double[] {1e-10, 1e-10, 1e-10});
    assertThat(basis.kept()).containsExactly(0, 2);
    assertThat(basis.q()[0]).containsExactly(new double[] {0.6, 0.8, 0}, within(Tolerance.EXACT));
    assertThat(basis.q()[1]).containsExactly(new double[] {0, 0, 1}, within(Tolerance.EXACT));
    assertThat(basis.r()[0]).containsExactly(new double[] {5, 5}, within(Tolerance.EXACT));
    assertThat(basis.r()[1]).containsExactly(new double[] {0, 2}, within(Tolerance.EXACT));
    assertThat(basis.byRow())
        .containsExactly(new double[] {0.6, 0, 0.8, 0, 0, 1}, within(Tolerance.EXACT));
  }

  @Test
  void reproducesTheColumnsKeptAndDropsCombinations() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          int n = 12;
          double[][] columns = new double[6][n];
          for (int c : new int[] {0, 1, 3, 5}) {
            columns[c] = random.doubles(n, -1, 1).toArray();
          }
          for (int i = 0; i < n; i++) {
            columns[2][i] = columns[0][i] - 2 * columns[1][i];
            columns[4][i] = columns[3][i] + columns[2][i];
          }
          double[] least = new double[6];
          for (int c = 0; c < 6; c++) {
            least[c] = 1e-10 * OrthonormalBasis.length(columns[c]);
          }
          var basis = OrthonormalBasis.of(columns, least);
          assertThat(basis.kept()).containsExactly(0, 1, 3, 5);
          for (int k = 0; k < 4; k++) {
            for (int i = 0; i < n; i++) {
              double sum = 0;
              for (int j = 0; j <= k; j++) {
                sum += basis.q()[j][i] * basis.r()[j][k];
              }
              assertThat(sum).isCloseTo(columns[basis.kept()[k]][i], within(Tolerance.EXACT));
            }
            assertThat(basis.r()[k][k]).isPositive();
          }
        });
  }

  @Test
  void moreColumnsThanRowsAndNoneAtAll() {
    var basis =
        OrthonormalBasis.of(new double[][] {{1, 1}, {1, 2}, {5, 3}}, new double[] {0, 0, 0});
    assertThat(basis.kept()).containsExactly(0, 1);
    assertThat(OrthonormalBasis.of(new double[][] {{0, 0}}, new double[] {0}).rank()).isZero();
    assertThat(OrthonormalBasis.of(new double[0][], new double[0]).rank()).isZero();
    assertThatThrownBy(() -> OrthonormalBasis.of(new double[][] {{1, 1}, {1}}, new double[] {0, 0}))
        .isInstanceOf(ShapeMismatchException.class);
  }

  @Test
  void leastSquaresByHandAndOfLeastNorm() {
    // y = 1 + 2 t at t = 0, 1, 2
    double[] line =
        LeastSquares.solve(3, 2, new double[] {1, 1, 1, 0, 1, 2}, new double[] {1, 3, 5}, 1e-12);
    assertThat(line).containsExactly(new double[] {1, 2}, within(Tolerance.EXACT));
    // two equal columns share the weight
    double[] shared =
        LeastSquares.solve(3, 2, new double[] {1, 1, 1, 1, 1, 1}, new double[] {4, 4, 4}, 1e-12);
    assertThat(shared).containsExactly(new double[] {2, 2}, within(Tolerance.EXACT));
    // one equation
    double[] one = LeastSquares.solve(1, 2, new double[] {1, 1}, new double[] {4}, 1e-12);
    assertThat(one).containsExactly(new double[] {2, 2}, within(Tolerance.EXACT));
  }

  @Test
  void theInverseOfASymmetricMatrix() {
    double[][] inverse = SymmetricInverse.of(new double[][] {{4, 2}, {2, 3}}, "a");
    assertThat(inverse[0]).containsExactly(new double[] {0.375, -0.25}, within(Tolerance.EXACT));
    assertThat(inverse[1]).containsExactly(new double[] {-0.25, 0.5}, within(Tolerance.EXACT));
    assertThatThrownBy(
            () -> SymmetricInverse.of(new double[][] {{1, 0, 1}, {0, 1, 0}, {1, 0, 1}}, "a"))
        .hasMessage(
            "a has no inverse: column 2 is constant or follows from the others. Leave such columns"
                + " out");
  }
}
