package org.cellweave.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.Metric;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

/** Two sets of cells in one space: FOSCTTM and label transfer. */
class TransferTest {
  private static DenseMatrix column(double... values) {
    double[][] rows = new double[values.length][];
    for (int i = 0; i < values.length; i++) {
      rows[i] = new double[] {values[i]};
    }
    return DenseMatrix.ofRows(rows);
  }

  @Test
  void foscttmByHand() {
    // partners 0-0.4, 1-1, 2-2.9, 3-2: of x, cells 2 and 3 each have one nearer;
    // of y, 2.9 has 3 nearer and 2 has 2 nearer than their partners
    var result = Foscttm.run(column(0, 1, 2, 3), column(0.4, 1, 2.9, 2), PairMetric.EUCLIDEAN);
    assertThat(result.byCellOfX()).containsExactly(0, 0, 0.25, 0.25);
    assertThat(result.byCellOfY()).containsExactly(0, 0, 0.25, 0.25);
    assertThat(result.mean()).isEqualTo(0.125);
  }

  @Test
  void foscttmIsItsDefinitionWithTiesAndDuplicates() {
    for (PairMetric metric : PairMetric.values()) {
      Seeds.forEach(
          7,
          seed -> {
            var random = new SplittableRandom(seed);
            double[][] x = new double[300][4];
            double[][] y = new double[300][4];
            for (int i = 0; i < 300; i++) {
              for (int j = 0; j < 4; j++) {
                x[i][j] = random.nextInt(4) + (j == 0 ? 5 : 0);
                y[i][j] = random.nextInt(4) + (j == 1 ? 5 : 0);
              }
            }
            var result = Foscttm.run(DenseMatrix.ofRows(x), DenseMatrix.ofRows(y), metric);
            for (int i = 0; i < 300; i += 13) {
              int nearer = 0;
              for (int j = 0; j < 300; j++) {
                nearer +=
                    distance(x[i], y[j], metric) < distance(x[i], y[i], metric) - 1e-12 ? 1 : 0;
              }
              assertThat(result.byCellOfX()[i]).isEqualTo(nearer / 300.0);
            }
          });
    }
  }

  private static double distance(double[] a, double[] b, PairMetric metric) {
    double[] p = a.clone();
    double[] q = b.clone();
    metric.prepare(p, 0, "a");
    metric.prepare(q, 0, "b");
    double sum = 0;
    for (int j = 0; j < p.length; j++) {
      sum += (p[j] - q[j]) * (p[j] - q[j]);
    }
    return sum;
  }

  @Test
  void labelTransferByHand() {
    var queries = column(0, 1, 10, 11);
    var reference = column(0.2, 0.9, 9, 10.6, 30);
    int[] truth = {0, 0, 1, 1};
    int[] known = {0, 1, 1, 1, 2};
    var one = LabelTransfer.run(queries, truth, reference, known, LabelTransfer.Params.DEFAULTS);
    assertThat(one.predicted()).containsExactly(0, 1, 1, 1);
    assertThat(one.accuracy()).isEqualTo(0.75);
    assertThat(one.balanced()).isEqualTo(0.75);
    var three =
        LabelTransfer.run(
            queries, truth, reference, known, new LabelTransfer.Params(3, Metric.EUCLIDEAN));
    assertThat(three.predicted()).containsExactly(1, 1, 1, 1);
    var both = LabelTransfer.both(queries, truth, reference, known, LabelTransfer.Params.DEFAULTS);
    // back: 0.9 takes label 0 of the query at 1, 30 takes label 1
    assertThat(both.backward().predicted()).containsExactly(0, 0, 1, 1, 1);
    assertThat(both.backward().accuracy()).isCloseTo(0.6, within(1e-12));
    assertThat(both.backward().balanced()).isCloseTo((1 + 2 / 3.0 + 0) / 3, within(1e-12));
    assertThat(both.meanAccuracy()).isCloseTo(0.675, within(1e-12));
  }

  /** The first column varies in the second set only; its variance counts in both directions. */
  @Test
  void bothDirectionsMeasureAlike() {
    var x = DenseMatrix.ofRows(new double[][] {{0, 0}, {0, 8}, {0, 1}});
    var y = DenseMatrix.ofRows(new double[][] {{-9, 1}, {9, 0}, {0, 9}});
    int[] labels = {0, 1, 2};
    var params = new LabelTransfer.Params(1, Metric.SEUCLIDEAN);
    var both = LabelTransfer.both(x, labels, y, labels, params);
    var one = LabelTransfer.run(y, labels, x, labels, params);
    assertThat(both.backward().predicted()).isEqualTo(one.predicted());
    assertThat(both.forward().predicted()).containsExactly(1, 2, 0);
    assertThat(both.backward().predicted()).containsExactly(2, 0, 1);
    assertThatThrownBy(() -> new LabelTransfer.Params(1, Metric.PRECOMPUTED))
        .hasMessageStartingWith("metric precomputed does not go with label transfer");
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    var a = Clouds.of(3, 500, 6, 2, 1);
    var b = Clouds.of(3, 500, 6, 2, 2);
    Seeds.forEach(
        2,
        seed -> {
          double[] one = shares(a, b, 1);
          assertThat(shares(a, b, 2)).isEqualTo(one);
          assertThat(shares(a, b, 7)).isEqualTo(one);
        });
    double[] self = Foscttm.run(a.points(), a.points(), PairMetric.EUCLIDEAN).byCellOfX();
    assertThat(self).containsOnly(0);
  }

  private static double[] shares(Clouds a, Clouds b, int threads) {
    return Seeds.withThreads(
        threads, () -> Foscttm.run(a.points(), b.points(), PairMetric.EUCLIDEAN).byCellOfX());
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> Foscttm.run(column(1, 2), column(1), PairMetric.EUCLIDEAN))
        .hasMessage("x has 2 rows and y has 1; row i of both must be the same cell");
    var wide = DenseMatrix.ofRows(new double[][] {{1, 2}, {2, 2}});
    assertThatThrownBy(() -> Foscttm.run(column(1, 2), wide, PairMetric.EUCLIDEAN))
        .hasMessageStartingWith("both sets must have the same number of columns, got 1 and 2");
    assertThatThrownBy(() -> Foscttm.run(wide, wide, PairMetric.CORRELATION))
        .hasMessage(
            "the first set has no direction in row 1: all its values are equal. Use euclidean.");
    assertThatThrownBy(() -> Foscttm.run(column(1, Double.NaN), column(1, 2), PairMetric.EUCLIDEAN))
        .hasMessage("the first set must be finite, got NaN in row 1, column 0");
    assertThatThrownBy(
            () ->
                LabelTransfer.run(
                    column(1),
                    new int[1],
                    column(1, 2),
                    new int[2],
                    new LabelTransfer.Params(3, Metric.EUCLIDEAN)))
        .hasMessage("nNeighbors must not exceed the number of reference cells, got 3 for 2");
  }
}
