package org.cellweave.integrate.bbknn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.integrate.bbknn.RidgeRegression.Params;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class RidgeRegressionTest {
  @Test
  void byHand() {
    var x = DenseMatrix.ofRows(new double[][] {{3}, {3}, {-2}, {-4}});
    var batch = Categories.of("batch", 0, 0, 1, 1);
    var result = RidgeRegression.run(x, List.of(batch), List.of(), Params.DEFAULTS, Progress.NONE);
    // sums 6 and -6 over two cells and a penalty of one
    assertThat(result.explained().doubleData())
        .containsExactly(new double[] {2, 2, -2, -2}, within(1e-12));
    assertThat(result.x().doubleData()).containsExactly(new double[] {1, 1, 0, -2}, within(1e-12));
    var stronger = RidgeRegression.run(x, List.of(batch), List.of(), new Params(4), Progress.NONE);
    assertThat(stronger.explained().get(0, 0)).isCloseTo(1, within(1e-12));
  }

  @Test
  void partsAddUpAndThreadsDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(80, 30, 0.5, seed);
          int[] order = Seeds.permutation(80, seed);
          int[] batch = new int[80];
          int[] type = new int[80];
          for (int i = 0; i < 80; i++) {
            batch[i] = order[i] % 3;
            type[i] = order[i] / 3 % 4;
          }
          var batches = List.of(Categories.of("batch", batch));
          var types = List.of(Categories.of("type", type));
          var one =
              Seeds.withThreads(
                  1, () -> RidgeRegression.run(x, batches, types, Params.DEFAULTS, Progress.NONE));
          var many =
              Seeds.withThreads(
                  7, () -> RidgeRegression.run(x, batches, types, Params.DEFAULTS, Progress.NONE));
          assertThat(many.x().floatData()).isEqualTo(one.x().floatData());
          for (int i = 0; i < 80; i++) {
            for (int j = 0; j < 30; j++) {
              assertThat(one.x().get(i, j) + one.explained().get(i, j))
                  .isCloseTo(x.get(i, j), within(1e-5));
            }
          }
        });
  }

  @Test
  void messagesSayWhatToDo() {
    var x = DenseMatrix.ofRows(new double[][] {{3}, {Double.NaN}});
    assertThatThrownBy(() -> new Params(0)).hasMessage("alpha must be positive, got 0.0");
    assertThatThrownBy(
            () -> RidgeRegression.run(x, List.of(), List.of(), Params.DEFAULTS, Progress.NONE))
        .hasMessage("ridgeRegression has no batches; name at least one");
    var batch = List.of(Categories.of("batch", 0, 1));
    assertThatThrownBy(
            () -> RidgeRegression.run(x, batch, List.of(), Params.DEFAULTS, Progress.NONE))
        .hasMessageStartingWith("ridgeRegression needs finite values, but x[1, 0] is NaN");
  }
}
