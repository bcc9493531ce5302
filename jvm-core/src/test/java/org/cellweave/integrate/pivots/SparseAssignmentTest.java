package org.cellweave.integrate.pivots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class SparseAssignmentTest {
  @Test
  void aRowGivesWayToOneThatHasNoOther() {
    // row 0 would like column 0 best, but row 1 can have nothing else
    int[] found =
        SparseAssignment.run(
            2, new int[] {0, 2, 3}, new int[] {0, 1, 0}, new double[] {1, 2, 3}, 100);
    assertThat(found).containsExactly(1, 0);
  }

  @Test
  void aRowStaysAloneWhereThatIsCheaper() {
    int[] found =
        SparseAssignment.run(2, new int[] {0, 1, 2}, new int[] {0, 0}, new double[] {0.5, 0.4}, 1);
    assertThat(found).containsExactly(-1, 0);
    assertThat(SparseAssignment.run(1, new int[] {0, 1}, new int[] {0}, new double[] {2}, 1))
        .containsExactly(-1);
  }

  @Test
  void noMatchingIsCheaper() {
    Seeds.forEach(
        200,
        seed -> {
          var random = new SplittableRandom(seed);
          int rows = 1 + random.nextInt(6);
          int columns = 1 + random.nextInt(6);
          double[][] cost = new double[rows][columns];
          int[] start = new int[rows + 1];
          int[] at = new int[rows * columns];
          double[] costs = new double[rows * columns];
          int n = 0;
          for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
              cost[i][j] = random.nextInt(4) == 0 ? Double.NaN : random.nextInt(20) - 5;
              if (!Double.isNaN(cost[i][j])) {
                at[n] = j;
                costs[n++] = cost[i][j];
              }
            }
            start[i + 1] = n;
          }
          int[] found =
              SparseAssignment.run(
                  columns, start, Arrays.copyOf(at, n), Arrays.copyOf(costs, n), 8);
          boolean[] used = new boolean[columns];
          double sum = 0;
          for (int i = 0; i < rows; i++) {
            if (found[i] >= 0) {
              assertThat(used[found[i]]).isFalse();
              used[found[i]] = true;
            }
            sum += found[i] < 0 ? 8 : cost[i][found[i]];
          }
          assertThat(sum).isCloseTo(cheapest(cost, 0, new boolean[columns], 8), within(1e-9));
        });
  }

  private static double cheapest(double[][] cost, int row, boolean[] used, double alone) {
    if (row == cost.length) {
      return 0;
    }
    double best = alone + cheapest(cost, row + 1, used, alone);
    for (int j = 0; j < used.length; j++) {
      if (!used[j] && !Double.isNaN(cost[row][j])) {
        used[j] = true;
        best = Math.min(best, cost[row][j] + cheapest(cost, row + 1, used, alone));
        used[j] = false;
      }
    }
    return best;
  }

  @Test
  void messages() {
    assertThatThrownBy(
            () -> SparseAssignment.run(1, new int[] {0, 1}, new int[] {0}, new double[0], 1))
        .hasMessageContaining("costs");
    assertThatThrownBy(
            () ->
                SparseAssignment.run(
                    1, new int[] {0, 1}, new int[] {0}, new double[] {Double.NaN}, 1))
        .hasMessageContaining("NaN");
  }
}
