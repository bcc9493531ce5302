package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.metrics.RankCorrelation;
import org.cellweave.preprocess.CorrelationMatrix.Method;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class CorrelationMatrixTest {
  @Test
  void byHand() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 2, 5}, {2, 4, 5}, {3, 0, 5}});
    var r = CorrelationMatrix.run(x, Method.PEARSON);
    // deviations (-1, 0, 1) and (0, 2, -2)
    assertThat(r.get(0, 1)).isCloseTo(-2 / Math.sqrt(2 * 8), within(1e-12));
    assertThat(r.get(1, 0)).isEqualTo(r.get(0, 1));
    assertThat(r.get(0, 0)).isCloseTo(1, within(1e-12));
    assertThat(r.get(0, 2)).isNaN();
  }

  @Test
  void ranksAreThoseOfOnePairAtATime() {
    Seeds.forEach(
        5,
        seed -> {
          var x = Seeds.counts(400, 20, 0.5, seed).toDense();
          var r = CorrelationMatrix.run(x.copy(), Method.SPEARMAN);
          for (int i = 0; i < 20; i += 7) {
            for (int j = 0; j < 20; j += 3) {
              assertThat(r.get(i, j))
                  .isCloseTo(RankCorrelation.spearman(x.column(i), x.column(j)), within(1e-9));
            }
          }
        });
  }

  @Test
  void threadsDoNotMatter() {
    var x = Seeds.counts(3000, 40, 0.5, 1).toDense();
    double[] one =
        Seeds.withThreads(1, () -> CorrelationMatrix.run(x.copy(), Method.SPEARMAN).doubleData());
    assertThat(
            Seeds.withThreads(
                7, () -> CorrelationMatrix.run(x.copy(), Method.SPEARMAN).doubleData()))
        .isEqualTo(one);
  }

  @Test
  void whatIsNotFiniteIsNamed() {
    var x = DenseMatrix.ofRows(new double[][] {{1, Double.NaN}, {1, 2}});
    assertThatThrownBy(() -> CorrelationMatrix.run(x, Method.PEARSON))
        .hasMessageContaining("x[0, 1] is NaN");
  }
}
