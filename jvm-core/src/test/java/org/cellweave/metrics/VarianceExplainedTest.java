package org.cellweave.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class VarianceExplainedTest {
  private static final List<String> BATCHES = List.of("a", "b", "c", "d");

  @Test
  void byHand() {
    var x = DenseMatrix.ofRows(new double[][] {{0, 7}, {2, 7}, {4, 7}, {6, 7}});
    // between: 4 * 2^2 = 16 of 20
    assertThat(VarianceExplained.byGroups(x, new int[] {0, 0, 1, 1})).isCloseTo(0.8, within(1e-12));
    assertThat(VarianceExplained.byCovariates(x, new double[][] {{1, 2, 3, 4}}))
        .isCloseTo(1, within(1e-12));
    assertThat(VarianceExplained.byCovariates(x, new double[][] {{1, -1, -1, 1}}))
        .isCloseTo(0, within(1e-12));
    assertThat(VarianceExplained.comparison(0.8, 0.2)).isCloseTo(0.75, within(1e-12));
    assertThat(VarianceExplained.comparison(0.2, 0.8)).isZero();
  }

  @Test
  void groupsAreIndicatorCovariatesAndRotationsChangeNothing() {
    Seeds.forEach(
        20,
        seed -> {
          var clouds = Clouds.of(3, 30, 2, 1, seed);
          double[][] indicators = new double[3][90];
          for (int i = 0; i < 90; i++) {
            indicators[clouds.labels()[i]][i] = 1;
          }
          double byGroups = VarianceExplained.byGroups(clouds.points(), clouds.labels());
          assertThat(VarianceExplained.byCovariates(clouds.points(), indicators))
              .as("the third indicator depends on the others")
              .isCloseTo(byGroups, within(1e-10));
          double[][] turned = new double[90][2];
          double[] row = new double[2];
          for (int i = 0; i < 90; i++) {
            clouds.points().readRow(i, row);
            turned[i][0] = 0.6 * row[0] - 0.8 * row[1];
            turned[i][1] = 0.8 * row[0] + 0.6 * row[1];
          }
          assertThat(VarianceExplained.byGroups(DenseMatrix.ofRows(turned), clouds.labels()))
              .isCloseTo(byGroups, within(1e-12));
        });
  }

  @Test
  void cellCycleIsConservedByTheIdentityAndLostByAConstant() {
    var clouds = Clouds.of(2, 50, 3, 1, 4);
    double[] score = clouds.points().column(0);
    int[] batches = clouds.labels();
    double[][] scores = {score};
    assertThat(CellCycleConservation.of(clouds.points(), clouds.points(), scores, batches, BATCHES))
        .isEqualTo(1);
    double[][] without = new double[100][2];
    double[] row = new double[3];
    for (int i = 0; i < 100; i++) {
      clouds.points().readRow(i, row);
      without[i] = Arrays.copyOfRange(row, 1, 3);
    }
    assertThat(
            CellCycleConservation.of(
                clouds.points(), DenseMatrix.ofRows(without), scores, batches, BATCHES))
        .isLessThan(0.3);
  }

  @Test
  void saysWhatIsWrong() {
    var x = DenseMatrix.ofRows(new double[][] {{1}, {2}});
    var flat = DenseMatrix.ofRows(new double[][] {{1}, {1}});
    assertThatThrownBy(() -> VarianceExplained.byGroups(flat, new int[] {0, 1}))
        .hasMessage("x must vary within the range of float64, got 0.0 as total sum of squares");
    assertThatThrownBy(() -> VarianceExplained.byCovariates(x, new double[][] {{1}}))
        .hasMessage("covariate 0 has length 1, but the number of cells is 2");
    assertThatThrownBy(() -> VarianceExplained.byCovariates(x, new double[][] {{1, Double.NaN}}))
        .hasMessage("covariate 0 must be finite, got NaN for cell 1");
    assertThatThrownBy(() -> VarianceExplained.comparison(0, 0.5))
        .hasMessageStartingWith("before must be positive, got 0");
    var nan = DenseMatrix.ofRows(new double[][] {{1}, {Double.NaN}});
    assertThatThrownBy(() -> VarianceExplained.byGroups(nan, new int[] {0, 1}))
        .hasMessage("x must be finite, got column sum NaN in column 0");
    assertThatThrownBy(
            () ->
                CellCycleConservation.of(
                    x, x, new double[][] {{3, 3}}, new int[2], List.of("donor 7")))
        .hasMessage(
            "the cell cycle scores explain nothing in batch 'donor 7' before the integration");
  }
}
