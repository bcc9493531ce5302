package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class NormalizeBySizeFactorsTest {
  @Test
  void byHand() {
    var x = DenseMatrix.wrap(new float[] {2, 4, 0, 3, 1, 5}, 2, 3);
    NormalizeBySizeFactors.run(x, new double[] {0.5, 2});
    double[][] expected = {{4, 8, 0}, {1.5, 0.5, 2.5}};
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 3; j++) {
        assertThat(x.get(i, j)).isEqualTo(expected[i][j]);
      }
    }
  }

  @Test
  void storageAndThreadsDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(300, 20, 0.3, seed);
          double[] factors = new double[300];
          Arrays.setAll(factors, i -> 0.5 + i % 7);
          var dense = x.toDense().copy();
          var columns = x.copy().transposeToCsr().transpose();
          NormalizeBySizeFactors.run(dense, factors);
          NormalizeBySizeFactors.run(columns, factors);
          for (int threads : new int[] {1, 2, 7}) {
            var own = x.copy();
            Seeds.withThreads(
                threads,
                () -> {
                  NormalizeBySizeFactors.run(own, factors);
                  return null;
                });
            for (int i = 0; i < 300; i++) {
              for (int j = 0; j < 20; j++) {
                assertThat(own.get(i, j)).isEqualTo((float) x.get(i, j) / (float) factors[i]);
                assertThat(dense.get(i, j)).isEqualTo(own.get(i, j));
                assertThat(columns.get(i, j)).isEqualTo(own.get(i, j));
              }
            }
          }
        });
  }

  @Test
  void saysAndLeavesTheValues() {
    var x = DenseMatrix.wrap(new float[] {2, 4, 3, 1}, 2, 2);
    for (double bad : new double[] {0, -1, Double.NaN, 1e300}) {
      assertThatThrownBy(() -> NormalizeBySizeFactors.run(x, new double[] {1, bad}))
          .hasMessage(
              "size factors must be positive, got "
                  + bad
                  + " for row 1 of x. Remove such cells, or let sc.pp.scranSizeFactors replace"
                  + " their factors");
    }
    assertThatThrownBy(() -> NormalizeBySizeFactors.run(x, new double[3]))
        .hasMessageContaining("sizeFactors has length 3");
    assertThat(x.get(0, 1)).isEqualTo(4);
    x.set(1, 0, Double.NaN);
    assertThatThrownBy(() -> NormalizeBySizeFactors.run(x, new double[] {2, 2}))
        .hasMessageContaining("[1, 0]");
    assertThat(x.get(0, 1)).isEqualTo(4);
  }
}
