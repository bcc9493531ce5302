package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class PcaProjectionTest {
  @Test
  void byHand() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 2}, {3, 6}});
    var loadings = DenseMatrix.ofRows(new double[][] {{1}, {2}});
    assertThat(PcaProjection.run(x, loadings, false).floatData()).containsExactly(5, 15);
    assertThat(PcaProjection.run(x, loadings, true).floatData()).containsExactly(-5, 5);
  }

  @Test
  void theCellsThemselvesGetTheirScoresSparseOrDense() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(60, 25, 0.4, seed);
          var params = Pca.Params.builder().nComps(5).build();
          var pca = Pca.run(x, null, params);
          var loadings = pca.loadings().toDense();
          var sparse = PcaProjection.run(x, loadings, true);
          var dense = PcaProjection.run(x.toDense(), loadings, true);
          assertThat(dense.floatData()).isEqualTo(sparse.floatData());
          for (int i = 0; i < 60; i++) {
            for (int c = 0; c < 5; c++) {
              assertThat(sparse.get(i, c)).isCloseTo(pca.scores().get(i, c), within(Tolerance.F32));
            }
          }
        });
  }

  @Test
  void doesNotDependOnThreads() {
    var x = Seeds.counts(1500, 25, 0.4, 1);
    var loadings = Seeds.counts(25, 4, 0.9, 2).toDense();
    float[] one = Seeds.withThreads(1, () -> PcaProjection.run(x, loadings, true).floatData());
    for (int threads : new int[] {2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> PcaProjection.run(x, loadings, true).floatData()))
          .isEqualTo(one);
    }
  }

  @Test
  void refusesOtherGenes() {
    var x = Seeds.counts(5, 6, 0.4, 1);
    assertThatThrownBy(() -> PcaProjection.run(x, Seeds.counts(5, 2, 1, 1).toDense(), true))
        .hasMessageContaining("loadings has length 5, but the number of genes is 6");
  }
}
