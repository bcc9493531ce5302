package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class NormalizeTotalTest {
  /** The example of scanpy's documentation. */
  private static CsrMatrix documented() {
    return DenseMatrix.wrap(new float[] {3, 3, 3, 6, 6, 1, 1, 1, 2, 2, 1, 22, 1, 2, 2}, 3, 5)
        .toCsr();
  }

  private static NormalizeTotal.Params target(Double sum) {
    return NormalizeTotal.Params.builder().targetSum(sum).build();
  }

  @Test
  void handComputedCase() {
    var x = documented();
    var result = NormalizeTotal.run(x, target(1.0));
    assertThat(x.get(0, 3)).isEqualTo(6 / 21f);
    assertThat(result.sizes()).containsExactly(21, 7, 28);
    assertThat(result.sizeFactors()).containsExactly(21, 7, 28);
    assertThat(result.excludedGenes()).isNull();
  }

  @Test
  void highlyExpressedGenesAreLeftOut() {
    var x = documented();
    var params =
        NormalizeTotal.Params.builder()
            .targetSum(1.0)
            .excludeHighlyExpressed(true)
            .maxFraction(0.2)
            .build();
    var result = NormalizeTotal.run(x, params);
    assertThat(result.excludedGenes()).containsExactly(false, true, false, true, true);
    assertThat(x.get(0, 0)).isEqualTo(0.5);
    assertThat(x.get(2, 1)).isEqualTo(11);
  }

  @Test
  void medianSkipsEmptyCells() {
    var x =
        CsrMatrix.of(4, 2, new int[] {0, 1, 1, 2, 3}, new int[] {0, 0, 1}, new float[] {2, 4, 10});
    var result = NormalizeTotal.run(x, NormalizeTotal.Params.DEFAULTS);
    assertThat(result.targetSum()).isEqualTo(4);
    assertThat(result.emptyCells()).isEqualTo(1);
    assertThat(x.rowSums()).containsExactly(4, 0, 4, 4);
  }

  private static NormalizeTotal.Result withoutX(NormalizeTotal.Result r) {
    return new NormalizeTotal.Result(
        null, r.sizes(), r.sizeFactors(), r.targetSum(), r.excludedGenes(), r.emptyCells());
  }

  @Test
  void cellsEndWithTheSameTotalInEveryKindOfMatrix() {
    Seeds.forEach(
        20,
        seed -> {
          var x = Seeds.counts(300, 40, 0.4, seed);
          var csc = new CscMatrix(x.transposeToCsr());
          var dense = x.toDense();
          var params =
              NormalizeTotal.Params.builder()
                  .targetSum(seed % 2 == 0 ? 1e4 : null)
                  .excludeHighlyExpressed(seed % 3 == 0)
                  .maxFraction(0.15)
                  .build();
          var a = Seeds.withThreads(1, () -> NormalizeTotal.run(x, params));
          var b = Seeds.withThreads(2, () -> NormalizeTotal.run(csc, params));
          var c = Seeds.withThreads(7, () -> NormalizeTotal.run(dense, params));
          Same.assertBits(withoutX(b), withoutX(a));
          Same.assertBits(withoutX(c), withoutX(a));
          assertThat(csc.toDense().floatData()).isEqualTo(x.toDense().floatData());
          assertThat(dense.floatData()).isEqualTo(x.toDense().floatData());
          if (seed % 3 != 0) {
            for (double sum : x.rowSums()) {
              assertThat(sum / a.targetSum())
                  .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-5));
            }
          }
        });
  }

  @EachReference
  void agreesWithScanpyIncludingLog1p(H5Reference kang) {
    try (kang) {
      var x = kang.csr("layers/counts");
      NormalizeTotal.run(x, target(1e4));
      Log1p.run(x, Log1p.Params.DEFAULTS);
      Kang.assertClose(Kang.flat(x), Kang.flat(kang.csr("X")), Tolerance.PEER / 50, "X");
    }
  }

  @Test
  void messagesSayWhatToDo() {
    assertThatThrownBy(() -> target(0.0)).hasMessage("targetSum must be positive, got 0.0");
    assertThatThrownBy(() -> NormalizeTotal.Params.builder().maxFraction(2).build())
        .hasMessage("maxFraction must lie in [0.0, 1.0], got 2.0");
    var wide = documented().withDType(DType.FLOAT64);
    assertThatThrownBy(() -> NormalizeTotal.run(wide, target(1.0)))
        .hasMessageContaining("X must be stored as float32, got float64 CSR of 3 x 5");
    assertThatThrownBy(
            () ->
                NormalizeTotal.run(
                    CsrMatrix.empty(2, 2, DType.FLOAT32), NormalizeTotal.Params.DEFAULTS))
        .hasMessageContaining("no cell has any counts");
    var bad = DenseMatrix.wrap(new float[] {1, 2, Float.NaN, 4}, 2, 2);
    assertThatThrownBy(() -> NormalizeTotal.run(bad, target(1.0)))
        .hasMessage(
            "normalizeTotal needs finite values, but X[1, 0] is NaN. Remove or replace NaN and"
                + " infinite values first");
    assertThat(bad.get(0, 0)).isEqualTo(1);
    assertThatThrownBy(
            () ->
                NormalizeTotal.run(DenseMatrix.wrap(new float[] {1, 2, -3, 1}, 2, 2), target(1.0)))
        .hasMessageContaining("cell 1 has the negative total -2.0");
  }
}
