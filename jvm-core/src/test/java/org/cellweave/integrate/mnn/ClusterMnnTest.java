package org.cellweave.integrate.mnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchTree;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class ClusterMnnTest {
  private static final ClusterMnn.Params DEFAULTS = ClusterMnn.Params.DEFAULTS;

  /** Clusters of two cells; the second batch lies 3 further in the first dimension. */
  private static final DenseMatrix X =
      DenseMatrix.ofRows(
          new double[][] {
            {0, 0}, {0, 2}, {1, 20}, {1, 22}, {3, 0}, {3, 2}, {4, 20}, {4, 22},
          });

  private static final Categories BATCH = Categories.of("batch", 0, 0, 0, 0, 1, 1, 1, 1);
  private static final Categories CLUSTER = Categories.of("cluster", 0, 0, 1, 1, 5, 5, 2, 2);

  /** Centres {0, 1}, {1, 21} and {3, 1}, {4, 21}: all variation of the first dimension goes. */
  @Test
  void byHand() {
    var made = ClusterMnn.run(X, BATCH, CLUSTER, DEFAULTS);
    // in every batch, level by level
    assertThat(made.clusterOf()).containsExactly(0, 0, 1, 1, 3, 3, 2, 2);
    assertThat(made.metaClusters()).containsExactly(0, 1, 1, 0);
    var merge = made.merges().get(0);
    assertThat(merge.leftCells()).containsExactly(0, 1);
    assertThat(merge.rightCells()).containsExactly(3, 2);
    var centres = made.centres().corrected();
    for (int g = 0; g < 4; g++) {
      assertThat(centres.get(g, 0)).isCloseTo(0.5, within(Tolerance.EXACT));
    }
    // every cell is 1 from its centre, and exp(-19^2) of the other's shift is nothing
    double[] first = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
    for (int i = 0; i < 8; i++) {
      assertThat(made.corrected().get(i, 0)).isCloseTo(first[i], within(Tolerance.EXACT));
      assertThat(made.corrected().get(i, 1)).isCloseTo(X.get(i, 1), within(Tolerance.EXACT));
    }
    assertThat(made.warnings()).isEmpty();
    assertThat(made.integrated()).hasSize(1);
    assertThat(made.order().nBatches()).isEqualTo(2);
  }

  @Test
  void weightsFallOffByTheSquareOfTheDistance() {
    double[] weights = new double[3];
    CentreShifts.weigh(new double[] {9, 1, 2, 4}, 1, 2, weights);
    double[] raw = {Math.exp(-0.25), Math.exp(-1), Math.exp(-4)};
    double sum = Arrays.stream(raw).sum();
    for (int c = 0; c < 3; c++) {
      assertThat(weights[c]).isCloseTo(raw[c] / sum, within(Tolerance.EXACT));
    }
    CentreShifts.weigh(new double[] {0, 0, 3}, 0, 0, weights);
    assertThat(weights).containsExactly(0.5, 0.5, 0);
    CentreShifts.weigh(new double[] {1000, 1001, 1002}, 0, 1, weights);
    assertThat(weights[0]).isCloseTo(1, within(Tolerance.EXACT));
  }

  /** A cluster without a partner is a meta-cluster of its own. */
  @Test
  void clustersOfOneBatchAloneStayApart() {
    var x =
        DenseMatrix.ofRows(
            new double[][] {
              {0, 0, 0}, {10, 0, 0}, {0, 90, 0}, {0, 0, 3}, {10, 0, 3}, {0, 0, 5}, {10, 0, 5},
            });
    var batch = Categories.of("batch", 0, 0, 0, 1, 1, 2, 2);
    var cluster = Categories.of("cluster", 0, 1, 2, 0, 1, 1, 0);
    var made = ClusterMnn.run(x, batch, cluster, DEFAULTS);
    assertThat(made.metaClusters()).containsExactly(0, 1, 2, 0, 1, 1, 0);
    assertThat(made.clusterOf()).containsExactly(0, 1, 2, 3, 4, 6, 5);
  }

  @Test
  void typesComeTogetherAndInputStays() {
    Seeds.forEach(
        20,
        seed -> {
          var data = MnnData.noise(5, 1, seed, 60, 80);
          int[] type = IntStream.range(0, data.n()).map(i -> i % 3).toArray();
          var x = data.x();
          for (int i = 0; i < data.n(); i++) {
            x.set(i, type[i], x.get(i, type[i]) + 12);
          }
          double[] before = x.doubleData().clone();
          var clusters = Categories.of("cluster", type);
          var made = ClusterMnn.run(x, data.batch(), clusters, DEFAULTS);
          assertThat(x.doubleData()).isEqualTo(before);
          for (int g = 0; g < 6; g++) {
            assertThat(made.metaClusters()[g]).isEqualTo(g % 3);
          }
          for (int c = 0; c < 5; c++) {
            for (int t = 0; t < 3; t++) {
              double apart = mean(made.corrected(), data, type, t, 0, c);
              apart -= mean(made.corrected(), data, type, t, 1, c);
              assertThat(Math.abs(apart)).isLessThan(0.5);
            }
          }
        });
  }

  private static double mean(DenseMatrix x, MnnData data, int[] type, int t, int batch, int col) {
    return IntStream.range(0, data.n())
        .filter(i -> type[i] == t && data.batch().code(i) == batch)
        .mapToDouble(i -> x.get(i, col))
        .average()
        .orElseThrow();
  }

  @Test
  void says() {
    assertThatThrownBy(
            () -> ClusterMnn.run(X, BATCH, Categories.of("c", 0, 1, 0, 1, 2, 2, 2, 2), DEFAULTS))
        .hasMessage(
            "level '1' of batch has cells of one level of c alone, but clusterMnn needs at least"
                + " two clusters in each. Cluster it more finely, or use reducedMnn");
    assertThatThrownBy(
            () -> ClusterMnn.run(X, Categories.of("batch", new int[8]), CLUSTER, DEFAULTS))
        .hasMessageContaining("batch must have at least two levels, got 1");
    assertThatThrownBy(
            () -> ClusterMnn.run(X, BATCH, Categories.of("c", 0, 1, -1, 1, 2, 2, 2, 2), DEFAULTS))
        .hasMessageContaining("c has 1 missing label, for cell 2");
    assertThatThrownBy(() -> ClusterMnn.run(X, BATCH, Categories.of("c", 0, 1), DEFAULTS))
        .hasMessageContaining("c has length 2");
    var order = BatchTree.of(java.util.List.of("0", "1"));
    assertThatThrownBy(() -> ClusterMnn.Params.builder().mergeOrder(order).autoMerge(true).build())
        .hasMessageContaining("exclude each other");
    assertThatThrownBy(() -> ClusterMnn.Params.builder().minBatchSkip(-1.0).build())
        .hasMessageContaining("minBatchSkip");
  }

  @Test
  void skippedMergesAreTold() {
    var made = ClusterMnn.run(X, BATCH, CLUSTER, new ClusterMnn.Params(null, false, 2.0));
    assertThat(made.warnings()).hasSize(1);
    assertThat(made.corrected().doubleData()).isEqualTo(X.doubleData());
  }
}
