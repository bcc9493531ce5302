package org.cellweave.diffexp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class GeneScoresTest {
  private static GeneScores.Params params(int ctrlSize, int nBins) {
    return GeneScores.Params.builder().ctrlSize(ctrlSize).nBins(nBins).build();
  }

  /**
   * Six genes with means 1, 2, ..., 6; nBins = 3 gives 3 genes a bin by floor(rank / 3): bins 0 0 1
   * 1 1 2. Gene 3 is scored, so that genes 2 and 4 are its controls.
   */
  @Test
  void byHand() {
    var x =
        DenseMatrix.ofRows(
            new double[][] {
              {1, 2, 2, 8, 5, 6},
              {1, 2, 4, 0, 5, 6}
            });
    var r = GeneScores.run(x, new int[] {3}, null, params(50, 3));
    assertThat(r.controls()).containsExactly(2, 4);
    assertThat(r.scores()).containsExactly(8 - 3.5, 0 - 4.5);
    assertThat(r.emptyBins()).isEmpty();
  }

  /** Means 1 1 1 2: the ranks are 1 1 1 4, one gene a bin for nBins = 5. */
  @Test
  void equalMeansShareABin() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 0, 2, 2}, {1, 2, 0, 2}});
    var r = GeneScores.run(x, new int[] {0}, null, params(50, 5));
    assertThat(r.controls()).containsExactly(1, 2);
  }

  @Test
  void missingValuesAreLeftOut() {
    double nan = Double.NaN;
    var x =
        DenseMatrix.ofRows(new double[][] {{1, nan, 2, 3, 9}, {1, 1, nan, 3, 9}, {1, 1, 1, 3, 9}});
    var r = GeneScores.run(x, new int[] {0, 1}, null, params(50, 2));
    assertThat(r.scores()).containsExactly(1 - 2.5, 1 - 3.0, 1 - 2.0);
    var sparse = GeneScores.run(x.toCsr(), new int[] {0, 1}, null, params(50, 2));
    assertThat(sparse.scores()).isEqualTo(r.scores());
  }

  @Test
  void controlsAreDrawnFromTheBinsOfTheGenes() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(60, 200, 0.3, seed);
          int[] genes = {3, 50, 120};
          var all = GeneScores.run(x, genes, null, params(10_000, 25));
          var p = GeneScores.Params.builder().ctrlSize(3).seed(seed).build();
          var some = GeneScores.run(x, genes, null, p);
          assertThat(all.controls()).contains(some.controls());
          assertThat(some.controls().length).isBetween(3, 9);
          assertThat(some.controls()).doesNotContain(genes);
          var other =
              GeneScores.run(
                  x, genes, null, GeneScores.Params.builder().ctrlSize(3).seed(seed + 99).build());
          assertThat(other.controls()).isNotEqualTo(some.controls());
        });
  }

  @Test
  void storageAndShiftDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(40, 80, 0.4, seed);
          int[] genes = {1, 2, 3};
          var r = GeneScores.run(x, genes, null, params(5, 10));
          var same =
              new double[][] {
                GeneScores.run(x.toDense(), genes, null, params(5, 10)).scores(),
                GeneScores.run(new CscMatrix(x.transposeToCsr()), genes, null, params(5, 10))
                    .scores(),
                GeneScores.run(x.withDType(DType.FLOAT64), genes, null, params(5, 10)).scores()
              };
          for (double[] s : same) {
            assertThat(s).containsExactly(r.scores(), within(Tolerance.EXACT));
          }
          int[] turned = {3, 1, 2};
          assertThat(GeneScores.run(x, turned, null, params(5, 10)).scores()).isEqualTo(r.scores());
          int[] everything = new int[80];
          Arrays.setAll(everything, j -> 79 - j);
          assertThat(GeneScores.run(x, genes, everything, params(5, 10)).scores())
              .isEqualTo(r.scores());
        });
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    var x = Seeds.counts(9000, 300, 0.5, 1);
    int[] genes = {5, 6, 7};
    var one = Seeds.withThreads(1, () -> GeneScores.run(x, genes, null, params(5, 25)));
    for (int threads : new int[] {2, 7}) {
      var other = Seeds.withThreads(threads, () -> GeneScores.run(x, genes, null, params(5, 25)));
      assertThat(other.scores()).isEqualTo(one.scores());
    }
  }

  @Test
  void messages() {
    var x = Seeds.counts(10, 6, 0.5, 0);
    assertThatThrownBy(() -> params(0, 25)).hasMessage("ctrlSize must be positive, got 0");
    assertThatThrownBy(() -> params(5, 1)).hasMessage("nBins must be at least 2, got 1");
    assertThatThrownBy(() -> GeneScores.run(x, new int[0], null, params(5, 3)))
        .hasMessage("genes must not be empty");
    assertThatThrownBy(() -> GeneScores.run(x, new int[] {1}, new int[0], params(5, 3)))
        .hasMessage("genePool must not be empty");
    assertThatThrownBy(() -> GeneScores.run(x, new int[] {1, 1}, null, params(5, 3)))
        .hasMessageContaining("genes must be distinct, column 1 is repeated");
    assertThatThrownBy(() -> GeneScores.run(x, new int[] {1}, new int[] {2}, params(5, 3)))
        .hasMessageContaining("genePool must hold the genes that are scored, but not column 1");
    assertThatThrownBy(() -> GeneScores.run(x, new int[] {1}, null, params(5, 25)))
        .hasMessageContaining("nBins must not exceed twice the number of genes")
        .hasMessageContaining("(6), got 25");
    assertThatThrownBy(() -> GeneScores.run(x, new int[] {0, 1, 2, 3, 4, 5}, null, params(5, 3)))
        .hasMessageContaining("no control genes")
        .hasMessageContaining("Try ctrlAsRef = false");
    var without = GeneScores.Params.builder().ctrlAsRef(false).nBins(7).build();
    var distinct = DenseMatrix.ofRows(new double[][] {{1, 2, 3, 4, 5, 6}});
    assertThatThrownBy(() -> GeneScores.run(distinct, new int[] {1}, null, without))
        .hasMessageContaining("Try a larger genePool");
  }
}
