package org.cellweave.clonal.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class PoissonFactorsTest {
  private static final PoissonFactors.Params PARAMS =
      PoissonFactors.Params.builder().zDim(3).build();

  private static PoissonFactors.Result run(CsrMatrix counts, PoissonFactors.Params params) {
    return PoissonFactors.run(new PoissonFactors.Input(counts, "counts"), params);
  }

  @Test
  void theLikelihoodRisesAndIsThatOfTheResult() {
    Seeds.forEach(
        4,
        seed -> {
          CsrMatrix counts = BlockCounts.of(70, 3, 20, seed);
          var r = run(counts, PARAMS);
          assertThat(r.converged()).isTrue();
          for (int k = 1; k < r.history().length; k++) {
            assertThat(r.history()[k]).isGreaterThanOrEqualTo(r.history()[k - 1] - 0.1);
          }
          double last = r.history()[r.history().length - 1];
          assertThat(naive(counts, r)).isCloseTo(last, within(1e-4 * Math.abs(last) + 0.01));
        });
  }

  private static double naive(CsrMatrix counts, PoissonFactors.Result r) {
    int n = counts.nRows();
    double[] a = counts.toDense().doubleData();
    double[] u = r.embedding().doubleData();
    double[] v = r.context().doubleData();
    double sum = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double log = r.rowOffset()[i] + r.columnOffset()[j];
        for (int c = 0; c < 3; c++) {
          log += u[i * 3 + c] * Math.sqrt(r.lengths()[c]) * v[j * 3 + c];
        }
        sum += a[i * n + j] * log - Math.exp(log);
      }
    }
    return sum;
  }

  @Test
  void contextsAreOrthonormalAndLengthsFall() {
    var r = run(BlockCounts.of(70, 3, 20, 1), PARAMS);
    double[] v = r.context().doubleData();
    for (int a = 0; a < 3; a++) {
      for (int b = 0; b < 3; b++) {
        double dot = 0;
        for (int j = 0; j < 70; j++) {
          dot += v[j * 3 + a] * v[j * 3 + b];
        }
        assertThat(dot).isCloseTo(a == b ? 1 : 0, within(1e-5));
      }
    }
    assertThat(r.lengths()[0]).isGreaterThanOrEqualTo(r.lengths()[1]);
    assertThat(r.lengths()[1]).isGreaterThanOrEqualTo(r.lengths()[2]);
  }

  @Test
  void offsetsAreThoseOfIndependence() {
    CsrMatrix counts = BlockCounts.of(50, 2, 12, 2);
    double[] a = counts.toDense().doubleData();
    var r = run(counts, PARAMS);
    double column = 0;
    double row = 0;
    double total = 0;
    for (int k = 0; k < a.length; k++) {
      column += k % 50 == 7 ? a[k] : 0;
      row += k / 50 == 7 ? a[k] : 0;
      total += a[k];
    }
    assertThat(Math.exp(r.columnOffset()[7])).isCloseTo(column / 50, within(1e-6));
    assertThat(Math.exp(r.rowOffset()[7])).isCloseTo(row / (total / 50), within(1e-6));
    var plain =
        PoissonFactors.Params.builder().zDim(3).rowOffset(false).columnOffset(false).build();
    assertThat(run(counts, plain).rowOffset()).containsOnly(0);
    assertThat(Math.exp(run(counts, plain).columnOffset()[3]))
        .isCloseTo(total / 2500, within(1e-6));
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    CsrMatrix counts = BlockCounts.of(200, 3, 10, 3);
    var one = Seeds.withThreads(1, () -> run(counts, PARAMS));
    var seven = Seeds.withThreads(7, () -> run(counts, PARAMS));
    assertThat(seven.embedding().floatData()).isEqualTo(one.embedding().floatData());
    assertThat(seven.history()).isEqualTo(one.history());
  }

  @Test
  void theReferenceFindsItself() {
    CsrMatrix counts = BlockCounts.of(80, 3, 30, 4);
    var fitted = run(counts, PoissonFactors.Params.builder().zDim(3).tol(1e-9).build());
    var input =
        new PoissonProjection.Input(
            counts, "counts", fitted.context(), fitted.lengths(), fitted.columnOffset());
    var found = PoissonProjection.run(input, PoissonProjection.Params.DEFAULTS);
    double[] there = fitted.embedding().doubleData();
    double[] here = found.embedding().doubleData();
    double left = 0;
    double all = 0;
    for (int k = 0; k < there.length; k++) {
      left += Math.pow(there[k] - here[k], 2);
      all += there[k] * there[k];
    }
    assertThat(left / all).isLessThan(0.01);
    assertThat(found.withoutCounts()).isZero();
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> run(BlockCounts.of(3, 1, 5, 1), PARAMS))
        .hasMessageContaining("zDim must be less than the number of clones");
    assertThatThrownBy(() -> run(BlockCounts.of(1, 1, 5, 1), PARAMS))
        .hasMessageContaining("counts must be of at least two clones");
    assertThatThrownBy(() -> PoissonFactors.Params.builder().ridge(0).build())
        .hasMessageContaining("ridge must be positive, got 0.0: without it a clone");
    assertThatThrownBy(() -> PoissonProjection.Params.builder().ridge(Double.NaN).build())
        .hasMessageContaining("ridge must be positive, got NaN");
    var fitted = run(BlockCounts.of(30, 3, 10, 1), PARAMS);
    var input =
        new PoissonProjection.Input(
            BlockCounts.of(9, 3, 4, 1),
            "counts",
            fitted.context(),
            fitted.lengths(),
            fitted.columnOffset());
    assertThatThrownBy(() -> PoissonProjection.run(input, PoissonProjection.Params.DEFAULTS))
        .hasMessage(
            "counts must have a column for each of the 30 contexts of the reference, got 9");
  }
}
