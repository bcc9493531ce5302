package org.cellweave.preprocess.pooling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.cellweave.linalg.LeastSquares;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class RingSystemTest {
  private static final double WEIGHT = 1e-6;

  /** The system row by row, for LAPACK. */
  private static double[] dense(int n, int[] sizes, double[][] pools) {
    double[][] a = new double[sizes.length * n + n][n];
    double[][] b = new double[a.length][1];
    int row = 0;
    for (int s = 0; s < sizes.length; s++) {
      for (int first = 0; first < n; first++) {
        for (int k = 0; k < sizes[s]; k++) {
          a[row][(first + k) % n]++;
        }
        b[row++][0] = pools[s][first];
      }
    }
    for (int i = 0; i < n; i++) {
      a[row][i] = Math.sqrt(WEIGHT);
      b[row++][0] = Math.sqrt(WEIGHT);
    }
    double[][] x = LeastSquares.leastNorm(a, b, 1e-15).x();
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      out[i] = x[i][0];
    }
    return out;
  }

  private static void agree(int n, int[] sizes, long seed, double tolerance) {
    var random = new SplittableRandom(seed);
    double[][] pools = new double[sizes.length][n];
    for (int s = 0; s < sizes.length; s++) {
      for (int i = 0; i < n; i++) {
        pools[s][i] = sizes[s] * (0.7 + 0.6 * random.nextDouble());
      }
    }
    double[] expected = dense(n, sizes, pools);
    double[] made = new RingSystem(n, sizes, WEIGHT).solve(pools);
    for (int i = 0; i < n; i++) {
      assertThat(Math.abs(made[i] - expected[i])).isLessThan(tolerance);
    }
  }

  @Test
  void solvesTheWholeSystem() {
    Seeds.forEach(
        20,
        seed -> {
          int n = 12 + (int) (seed % 20);
          agree(n, new int[] {3, 5, 8, 12}, seed, 1e-11);
          agree(n, new int[] {1, 2}, seed, 1e-11);
          // one sum for all pools: the weak equations decide, a millionth as strong
          agree(n, new int[] {n}, seed, 1e-6);
        });
  }

  @Test
  void atTheUsualSizes() {
    int[] sizes = PooledSizeFactors.Params.DEFAULTS.sizes();
    agree(101, sizes, 1, 1e-11);
    agree(130, sizes, 2, 1e-11);
  }

  /** Ten cells in pools of five: only the weak equations tell some sums apart. */
  @Test
  void whereSizesShareADivisorWithTheCells() {
    agree(10, new int[] {5}, 3, 1e-7);
    agree(100, new int[] {20, 40}, 4, 1e-7);
  }
}
