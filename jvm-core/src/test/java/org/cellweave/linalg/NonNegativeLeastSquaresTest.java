package org.cellweave.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class NonNegativeLeastSquaresTest {
  @Test
  void aBoundThatHolds() {
    // min (x + y - 1)^2 + (x - 3)^2: without bounds x = 3, y = -2; with them y = 0, x = 2
    double[] x = new double[2];
    new NonNegativeLeastSquares(2, 1)
        .solve(new double[][] {{2, 1}, {1, 1}}, new double[] {4, 1}, x);
    assertThat(x[0]).isCloseTo(2, within(1e-12));
    assertThat(x[1]).isZero();
  }

  /**
   * No unknown below zero, no slope below zero at zero, none elsewhere: the optimum, and no other.
   */
  @Test
  void theConditionsOfTheOptimumHold() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          int k = 1 + random.nextInt(70);
          int problems = 300;
          double[][] a = new double[k + 5][k];
          for (double[] row : a) {
            for (int c = 0; c < k; c++) {
              row[c] = random.nextDouble() - 0.3;
            }
          }
          double[][] gram = new double[k][k];
          for (double[] row : a) {
            for (int c = 0; c < k; c++) {
              for (int d = 0; d < k; d++) {
                gram[c][d] += row[c] * row[d];
              }
            }
          }
          var solver = new NonNegativeLeastSquares(k, problems);
          double[] right = new double[problems * k];
          double[] x = new double[right.length];
          // the second time from the sets of the first
          for (int round = 0; round < 2; round++) {
            for (int p = 0; p < right.length; p++) {
              right[p] += (random.nextDouble() - 0.5) * (round == 0 ? 10 : 0.1);
            }
            solver.solve(gram, right, x);
            check(gram, right, x);
          }
        });
  }

  private static void check(double[][] gram, double[] right, double[] x) {
    int k = gram.length;
    for (int at = 0; at < x.length; at += k) {
      for (int c = 0; c < k; c++) {
        double slope = -right[at + c];
        for (int d = 0; d < k; d++) {
          slope += gram[c][d] * x[at + d];
        }
        assertThat(x[at + c]).isNotNegative();
        assertThat(slope).isGreaterThan(-1e-7);
        assertThat(x[at + c] * slope).isCloseTo(0, within(1e-6));
      }
    }
  }

  @Test
  void threadsDoNotMatter() {
    double[][] gram = {{2, 1, 0.5}, {1, 3, 1}, {0.5, 1, 4}};
    var random = new SplittableRandom(1);
    double[] right = random.doubles(3 * 5000, -1, 1).toArray();
    double[] one = new double[right.length];
    Seeds.withThreads(
        1,
        () -> {
          new NonNegativeLeastSquares(3, 5000).solve(gram, right, one);
          return null;
        });
    double[] seven = new double[right.length];
    Seeds.withThreads(
        7,
        () -> {
          new NonNegativeLeastSquares(3, 5000).solve(gram, right, seven);
          return null;
        });
    assertThat(seven).isEqualTo(one);
  }
}
