package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class ValueFactsTest {
  @Test
  void countsAndLogarithmsAreToldApart() {
    var x = Seeds.counts(50, 20, 0.5, 1);
    var raw = ValueFacts.of(x);
    assertThat(raw.looksLikeCounts()).isTrue();
    assertThat(raw.looksLogged()).isFalse();
    assertThat(raw.min()).isZero();
    assertThat(raw.max()).isEqualTo(9);
    NormalizeTotal.run(x, NormalizeTotal.Params.builder().targetSum(1e4).build());
    var normalised = ValueFacts.of(x);
    assertThat(normalised.looksLikeCounts()).isFalse();
    assertThat(normalised.looksLogged()).isFalse();
    Log1p.run(x, Log1p.Params.DEFAULTS);
    assertThat(ValueFacts.of(x).looksLogged()).isTrue();
  }

  @Test
  void firstOffendersAreNamed() {
    var x =
        CsrMatrix.of(
            3,
            4,
            new int[] {0, 1, 3, 4},
            new int[] {3, 0, 2, 1},
            new float[] {2, -1, 0.5f, Float.NaN});
    var facts = ValueFacts.of(x);
    assertThat(facts.negative()).isEqualTo(new ValueFacts.Found(1, 0, -1));
    assertThat(facts.nonInteger()).isEqualTo(new ValueFacts.Found(1, 2, 0.5));
    assertThat(facts.notFinite()).isEqualTo(new ValueFacts.Found(2, 1, Double.NaN));
    assertThat(facts.looksLogged()).isFalse();
    assertThatThrownBy(() -> facts.requireFinite("pca"))
        .hasMessage(
            "pca needs finite values, but X[2, 1] is NaN. Remove or replace NaN and infinite"
                + " values first");
    assertThat(ValueFacts.of(x.toDense()))
        .isEqualTo(facts)
        .isEqualTo(Seeds.withThreads(1, () -> ValueFacts.of(x)))
        .isEqualTo(Seeds.withThreads(7, () -> ValueFacts.of(x)));
  }

  @Test
  void aFullMatrixHasNoHiddenZero() {
    assertThat(ValueFacts.of(DenseMatrix.wrap(new float[] {2, 5}, 1, 2)).min()).isEqualTo(2);
    assertThat(ValueFacts.of(CsrMatrix.empty(0, 3, DType.FLOAT32)).max()).isZero();
  }

  @Test
  void wholeNumbersBeyondIntAreWhole() {
    assertThat(ValueFacts.of(DenseMatrix.wrap(new double[] {1e18, 1e300}, 1, 2)).looksLikeCounts())
        .isTrue();
  }
}
