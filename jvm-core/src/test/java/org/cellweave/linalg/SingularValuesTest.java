package org.cellweave.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class SingularValuesTest {
  private static double[][] transposed(double[][] a) {
    double[][] out = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < out.length; j++) {
        out[j][i] = a[i][j];
      }
    }
    return out;
  }

  private static void assertSame(double[][] got, double[][] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(got[i]).containsExactly(expected[i], within(Tolerance.F64));
    }
  }

  private static double[][] random(int n, long seed) {
    var random = new SplittableRandom(seed);
    double[][] out = new double[n][n];
    for (double[] row : out) {
      java.util.Arrays.setAll(row, j -> random.nextGaussian());
    }
    return out;
  }

  @Test
  void byHand() {
    var values = SingularValues.of(new double[][] {{0, -3}, {2, 0}});
    assertThat(values.s()).containsExactly(new double[] {3, 2}, within(Tolerance.EXACT));
    assertSame(values.rotation(), new double[][] {{0, -1}, {1, 0}});
    assertThat(SingularValues.of(new double[][] {{4, 0}, {0, 0}}).rank(1e-12)).isEqualTo(1);
    assertThat(SingularValues.of(new double[2][2]).rank(1e-12)).isZero();
  }

  @Test
  void partsMakeTheWhole() {
    Seeds.forEach(
        20,
        seed -> {
          double[][] a = random(6, seed);
          var values = SingularValues.of(a);
          double[][] scaled = values.u().clone();
          for (int i = 0; i < 6; i++) {
            scaled[i] = scaled[i].clone();
            for (int c = 0; c < 6; c++) {
              scaled[i][c] *= values.s()[c];
            }
          }
          assertSame(MatrixProduct.of(scaled, transposed(values.v())), a);
          double[][] rotation = values.rotation();
          assertSame(MatrixProduct.of(rotation, values.stretch()), a);
          double[][] one = MatrixProduct.of(rotation, transposed(rotation));
          assertThat(one[2]).containsExactly(new double[] {0, 0, 1, 0, 0, 0}, within(1e-12));
        });
  }

  @Test
  void leastSquaresOfSeveralSides() {
    Seeds.forEach(
        10,
        seed -> {
          double[][] truth = random(4, seed);
          double[][] a = random(9, seed + 100);
          double[][] left = new double[9][];
          double[][] right = new double[9][4];
          for (int i = 0; i < 9; i++) {
            left[i] = java.util.Arrays.copyOf(a[i], 4);
            for (int j = 0; j < 4; j++) {
              for (int k = 0; k < 4; k++) {
                right[i][j] += left[i][k] * truth[k][j];
              }
            }
          }
          var solution = LeastSquares.leastNorm(left, right, 1e-14);
          assertThat(solution.rank()).isEqualTo(4);
          assertSame(solution.x(), truth);
        });
    // one equation in two unknowns, for two sides
    var least = LeastSquares.leastNorm(new double[][] {{3, 4}}, new double[][] {{25, 50}}, 1e-14);
    assertThat(least.rank()).isEqualTo(1);
    assertSame(least.x(), new double[][] {{3, 6}, {4, 8}});
  }
}
