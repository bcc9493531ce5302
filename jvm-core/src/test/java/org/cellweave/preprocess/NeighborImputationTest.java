package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.preprocess.NeighborImputation.Weights;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class NeighborImputationTest {
  private static final DenseMatrix DONORS =
      DenseMatrix.ofRows(new double[][] {{0}, {1}, {3}, {10}});
  private static final DenseMatrix TARGETS = DenseMatrix.ofRows(new double[][] {{2.5}, {0}});

  private static NeighborImputation.Result run(
      Matrix donors, Matrix targets, int k, Weights weights, double sigma) {
    var params = new NeighborImputation.Params(k, weights, sigma);
    return NeighborImputation.run(donors, targets, params, Progress.NONE);
  }

  @Test
  void byHand() {
    var plain = run(DONORS, TARGETS, 2, Weights.NONE, 0);
    assertThat(plain.donors()).containsExactly(2, 1, 0, 1);
    assertThat(plain.means(new double[] {10, 20, 40, 80})).containsExactly(30, 15);
    var labels = Categories.of("fate", 0, 1, 0, 1);
    assertThat(plain.shares(labels).doubleData()).containsExactly(0.5, 0.5, 0.5, 0.5);

    var linear = run(DONORS, TARGETS, 2, Weights.LINEAR, 0);
    assertThat(linear.weights()[0]).isCloseTo(0.75, within(1e-9));
    assertThat(linear.weights()[2]).isCloseTo(1, within(1e-9));
    assertThat(linear.shares(labels).get(0, 0)).isCloseTo(0.75, within(1e-9));

    // distances 0.5, 1.5, 0, 1: the median of those above 0 is 1
    var gauss = run(DONORS, TARGETS, 2, Weights.GAUSSIAN, 0);
    assertThat(gauss.sigma()).isEqualTo(1);
    double near = Math.exp(-0.125);
    double far = Math.exp(-1.125);
    assertThat(gauss.weights()[0]).isCloseTo(near / (near + far), within(1e-12));
    assertThat(run(DONORS, TARGETS, 2, Weights.GAUSSIAN, 0.001).weights()[0]).isEqualTo(1);
  }

  @Test
  void cellsInOnePlaceCountAlike() {
    var same = DenseMatrix.ofRows(new double[][] {{1}, {1}, {1}});
    for (Weights weights : Weights.values()) {
      var result = run(same, same, 3, weights, 0);
      assertThat(result.weights()).containsOnly(1 / 3.0);
      assertThat(result.sigma()).isEqualTo(weights == Weights.GAUSSIAN ? 1 : 0);
    }
  }

  @Test
  void invariants() {
    Seeds.forEach(
        20,
        seed -> {
          var donors = Seeds.counts(150, 6, 0.7, seed);
          var targets = Seeds.counts(40, 6, 0.7, seed + 1000);
          int[] order = Seeds.permutation(40, seed);
          for (Weights weights : Weights.values()) {
            var one = Seeds.withThreads(1, () -> run(donors, targets, 7, weights, 2));
            var seven = Seeds.withThreads(7, () -> run(donors, targets, 7, weights, 2));
            assertThat(seven.weights()).isEqualTo(one.weights());
            var turned = run(donors, targets.takeRows(order), 7, weights, 2);
            for (int i = 0; i < 40; i++) {
              double total = 0;
              for (int n = 0; n < 7; n++) {
                total += one.weights()[i * 7 + n];
                assertThat(turned.weights()[i * 7 + n]).isEqualTo(one.weights()[order[i] * 7 + n]);
                if (n > 0) {
                  assertThat(one.weights()[i * 7 + n])
                      .isLessThanOrEqualTo(one.weights()[i * 7 + n - 1]);
                }
              }
              assertThat(total).isCloseTo(1, within(1e-12));
            }
          }
        });
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(() -> run(DONORS, TARGETS, 5, Weights.NONE, 0))
        .hasMessage("k must be at most the number of cells that have a value, 4, got 5");
    assertThatThrownBy(() -> run(DONORS, TARGETS, 0, Weights.NONE, 0))
        .hasMessage("k must be positive, got 0");
    assertThatThrownBy(() -> run(DONORS, TARGETS, 1, Weights.GAUSSIAN, -1))
        .hasMessage("sigma must not be negative, got -1.0");
    var broken = DenseMatrix.ofRows(new double[][] {{Double.NaN}});
    assertThatThrownBy(() -> run(DONORS, broken, 1, Weights.NONE, 0))
        .hasMessageContaining("is NaN");
  }
}
