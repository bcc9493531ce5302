package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class PseudobulkTest {
  private static final Matrix CELLS =
      DenseMatrix.ofRows(new double[][] {{1, 0}, {3, 0}, {5, 5}, {0, 2}, {9, 9}});
  private static final int[] SAMPLE = {0, 0, 1, 2, -1};

  private static Pseudobulk.Params params(Pseudobulk.Summary func, int cells, double counts) {
    return new Pseudobulk.Params(func, cells, counts);
  }

  @Test
  void byHand() {
    var all = Pseudobulk.run(CELLS, SAMPLE, 4, params(Pseudobulk.Summary.SUM, 0, 0));
    assertThat(all.kept()).as("a sample without cells has no row").containsExactly(0, 1, 2);
    assertThat(all.values().get(0, 0)).isEqualTo(4);
    assertThat(all.expressed().get(0, 0)).isEqualTo(1);
    assertThat(all.expressed().get(0, 1)).isZero();
    assertThat(all.cells()).containsExactly(2, 1, 1);
    assertThat(all.counts()).containsExactly(4, 10, 2);
    var mean = Pseudobulk.run(CELLS, SAMPLE, 4, params(Pseudobulk.Summary.MEAN, 2, 0));
    assertThat(mean.values().get(0, 0)).isEqualTo(2);
    assertThat(mean.kept()).containsExactly(0);
    assertThat(Pseudobulk.run(CELLS, SAMPLE, 4, params(Pseudobulk.Summary.SUM, 1, 4)).kept())
        .containsExactly(0, 1);
  }

  @Test
  void storageAndThreadsDoNotMatter() {
    Seeds.forEach(
        5,
        seed -> {
          var x = Seeds.counts(300, 40, 0.3, seed);
          int[] codes = new int[300];
          for (int i = 0; i < codes.length; i++) {
            codes[i] = i % 7;
          }
          var params = params(Pseudobulk.Summary.SUM, 1, 0);
          var one = Seeds.withThreads(1, () -> Pseudobulk.run(x, codes, 7, params).values());
          var seven = Seeds.withThreads(7, () -> Pseudobulk.run(x.toDense(), codes, 7, params));
          assertThat(seven.values().doubleData()).isEqualTo(one.doubleData());
        });
  }

  @Test
  void boundsBelowZeroAreRefused() {
    assertThatThrownBy(() -> params(Pseudobulk.Summary.SUM, -1, 0))
        .hasMessageContaining("minCells");
    assertThatThrownBy(() -> params(Pseudobulk.Summary.SUM, 0, -1))
        .hasMessageContaining("minCounts");
  }
}
