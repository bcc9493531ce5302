package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class VariationScoresTest {
  @Test
  void genesAndScoresByHand() {
    // gene 0: mean 1, deviation sqrt 3; gene 1: constant; gene 2: too low a mean
    var x = DenseMatrix.ofRows(new double[][] {{4, 1, 0.01}, {0, 1, 0}, {0, 1, 0}, {0, 1, 0}});
    var params = VariationScores.Params.builder().minCv(1.5).build();
    for (var form : java.util.List.of(x, x.toCsr())) {
      var result = VariationScores.run(form, params);
      assertThat(result.selected()).containsExactly(true, false, false);
      double deviation = Math.sqrt(3) + 1e-4;
      assertThat(result.scores().nCols()).isEqualTo(1);
      assertThat(result.scores().get(0, 0)).isCloseTo(3 / deviation, within(1e-6));
      assertThat(result.scores().get(2, 0)).isCloseTo(-1 / deviation, within(1e-6));
    }
    var strict = VariationScores.Params.builder().minCv(1.74).build();
    assertThat(VariationScores.run(x, strict).selected()).containsExactly(false, false, false);
  }

  @Test
  void scoresHaveNoMeanAndAreTheSameForAnyNumberOfThreads() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new java.util.SplittableRandom(seed);
          var x = DenseMatrix.ofRows(new double[300][8]);
          double[] row = new double[8];
          for (int i = 0; i < 300; i++) {
            for (int j = 0; j < 8; j++) {
              row[j] = random.nextInt(20) == 0 ? random.nextDouble() * 9 : 0;
            }
            x.setRow(i, row);
          }
          var one =
              Seeds.withThreads(1, () -> VariationScores.run(x, VariationScores.Params.DEFAULTS));
          assertThat(one.scores().nCols()).isPositive();
          var moments = one.scores().colMoments(0);
          for (int c = 0; c < one.scores().nCols(); c++) {
            assertThat(moments.mean()[c]).isCloseTo(0, within(1e-6));
            assertThat(moments.variance()[c]).isCloseTo(1, within(1e-2));
          }
          var seven =
              Seeds.withThreads(
                  7, () -> VariationScores.run(x.toCsr(), VariationScores.Params.DEFAULTS));
          assertThat(seven.scores().floatData()).isEqualTo(one.scores().floatData());
        });
  }

  @Test
  void boundsAreChecked() {
    assertThatThrownBy(() -> VariationScores.Params.builder().minCv(-1).build())
        .hasMessageContaining("minCv");
  }
}
