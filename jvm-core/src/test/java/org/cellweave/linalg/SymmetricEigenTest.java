package org.cellweave.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class SymmetricEigenTest {
  private static void assertSame(double[][] got, double[][] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(got[i]).containsExactly(expected[i], within(Tolerance.F64));
    }
  }

  /** Crossproducts of n rows of noise in six columns. */
  private static double[][] covariance(int n, long seed) {
    var random = new SplittableRandom(seed);
    double[][] out = new double[6][6];
    for (int i = 0; i < n; i++) {
      double[] row = random.doubles(6, -1, 1).toArray();
      for (int r = 0; r < 6; r++) {
        for (int c = 0; c < 6; c++) {
          out[r][c] += row[r] * row[c];
        }
      }
    }
    return out;
  }

  @Test
  void byHand() {
    // the upper triangle is not read
    var pairs = SymmetricEigen.of(new double[][] {{2, 99}, {-1, 2}});
    assertThat(pairs.values()).containsExactly(new double[] {3, 1}, within(Tolerance.EXACT));
    double h = Math.sqrt(0.5);
    // of (h, -h) and (-h, h) the one whose first entry is positive, as both are as large
    assertSame(pairs.vectors(), new double[][] {{h, h}, {-h, h}});
    var flat = SymmetricEigen.of(new double[][] {{4, 0}, {0, 0}});
    assertThat(flat.rank(1e-12)).isEqualTo(1);
    assertSame(flat.power(-0.5, 1e-12), new double[][] {{0.5, 0}, {0, 0}});
    assertThat(SymmetricEigen.of(new double[2][2]).rank(0)).isZero();
    assertSame(SymmetricEigen.of(new double[2][2]).power(-1, 0), new double[2][2]);
  }

  @Test
  void powersMultiply() {
    Seeds.forEach(
        20,
        seed -> {
          double[][] a = covariance(9, seed);
          var pairs = SymmetricEigen.of(a);
          double[][] root = pairs.power(0.5, 0);
          assertSame(MatrixProduct.of(root, root), a);
          double[][] one = MatrixProduct.of(MatrixProduct.of(root, pairs.power(-1, 0)), root);
          assertThat(one[2]).containsExactly(new double[] {0, 0, 1, 0, 0, 0}, within(1e-8));
          // of three rows, with three directions that nothing lies in
          var thin = SymmetricEigen.of(covariance(3, seed));
          assertThat(thin.rank(1e-12)).isEqualTo(3);
          double[][] back = MatrixProduct.of(thin.power(0.5, 1e-12), thin.power(0.5, 1e-12));
          assertSame(back, covariance(3, seed));
        });
  }
}
