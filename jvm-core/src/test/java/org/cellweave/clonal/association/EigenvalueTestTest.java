package org.cellweave.clonal.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.testing.Tolerance;
import org.junit.jupiter.api.Test;

class EigenvalueTestTest {
  private static final EigenvalueTest.Params DEFAULTS = EigenvalueTest.Params.DEFAULTS;

  private static EigenvalueTest.Params draws(int n, long seed) {
    return EigenvalueTest.Params.builder().nSimulations(n).seed(seed).build();
  }

  @Test
  void tracyWidomIsThatOfPainleve() {
    double[] known = {0.00757, 0.06960, 0.27432, 0.58379, 0.83191, 0.95142, 0.98960, 0.99830};
    for (int k = 0; k < known.length; k++) {
      assertThat(TracyWidom.below(k - 4)).isCloseTo(known[k], within(1e-5));
    }
    assertThat(TracyWidom.above(-11)).isEqualTo(1);
    assertThat(TracyWidom.below(-11)).isEqualTo(0);
  }

  @Test
  void tracyWidomIsADeterminantToo() {
    try (var reference = AssociationSamples.reference()) {
      double[] s = reference.doubles("noise/s");
      double[] f1 = reference.doubles("noise/tracy_widom");
      for (int k = 0; k < s.length; k++) {
        assertThat(TracyWidom.below(s[k])).as("F1(" + s[k] + ")").isCloseTo(f1[k], within(1e-9));
        assertThat(TracyWidom.above(s[k])).isCloseTo(1 - f1[k], within(1e-9));
      }
    }
    // both ends of the series meet, and the tail falls on
    assertThat(TracyWidom.above(15.999) / TracyWidom.above(16.001)).isBetween(1.007, 1.010);
    assertThat(TracyWidom.above(40)).isBetween(1e-90, 1e-70);
  }

  @Test
  void statisticAndNullAreThoseOfThePackage() {
    try (var reference = AssociationSamples.reference()) {
      var x = reference.dense("noise/x");
      var found = EigenvalueTest.run(x, draws(20_000, 1));
      assertThat(found.statistic())
          .isCloseTo(reference.doubles("noise/stat")[0], within(Tolerance.F64));
      quantiles(found.nullDistribution(), reference.doubles("noise/quantiles_40"));
      var wide = EigenvalueTest.run(AssociationSamples.normal(6, 9, 3), draws(20_000, 2));
      quantiles(wide.nullDistribution(), reference.doubles("noise/quantiles_6"));
    }
  }

  /** Two samples of 20,000 each, by the shares below the same numbers. */
  private static void quantiles(double[] drawn, double[] expected) {
    for (int k = 0; k < expected.length; k++) {
      double at = expected[k];
      double below = Arrays.stream(drawn).filter(v -> v <= at).count() / (double) drawn.length;
      assertThat(below).isCloseTo(0.05 * (k + 1), within(0.02));
    }
  }

  @Test
  void pValuesOfNoiseAreEvenAndTheirResolutionIsKnown() {
    double[] p = new double[60];
    for (int seed = 0; seed < p.length; seed++) {
      p[seed] = EigenvalueTest.run(AssociationSamples.normal(50, 6, seed), draws(300, 7)).pValue();
    }
    assertThat(Arrays.stream(p).average().orElseThrow()).isBetween(0.38, 0.62);
    assertThat(Arrays.stream(p).min().orElseThrow()).isGreaterThanOrEqualTo(1 / 301.0);
    double[][] joined = new double[50][];
    for (int i = 0; i < 50; i++) {
      joined[i] = new double[] {i, i + Math.sin(i), -i + Math.cos(3 * i)};
    }
    var spiked = EigenvalueTest.run(DenseMatrix.ofRows(joined), draws(999, 1));
    assertThat(spiked.pValue()).isEqualTo(1e-3);
    var asymptotic =
        EigenvalueTest.run(
            DenseMatrix.ofRows(joined),
            EigenvalueTest.Params.builder().flavor(EigenvalueTest.Flavor.ASYMPTOTIC).build());
    assertThat(asymptotic.pValue()).isLessThan(1e-6);
    assertThat(asymptotic.nullDistribution()).isEmpty();
    var again = EigenvalueTest.run(DenseMatrix.ofRows(joined), spiked.nullDistribution());
    assertThat(again.pValue()).isEqualTo(spiked.pValue());
  }

  @Test
  void seedsAndThreads() {
    var x = AssociationSamples.normal(30, 5, 1);
    var one = Seeds.withThreads(1, () -> EigenvalueTest.run(x, draws(500, 3)));
    for (int threads : new int[] {2, 7}) {
      var more = Seeds.withThreads(threads, () -> EigenvalueTest.run(x, draws(500, 3)));
      assertThat(more.nullDistribution()).isEqualTo(one.nullDistribution());
    }
    assertThat(EigenvalueTest.run(x, draws(500, 4)).nullDistribution())
        .isNotEqualTo(one.nullDistribution());
    // neither the scale of a column nor the order of the clones is seen
    double[] scaled = x.doubleData().clone();
    for (int k = 0; k < scaled.length; k += 5) {
      scaled[k] = 100 - 7 * scaled[k];
    }
    var other = DenseMatrix.wrap(scaled, 30, 5).takeRows(Seeds.permutation(30, 2));
    assertThat(EigenvalueTest.run(other, draws(10, 3)).statistic())
        .isCloseTo(one.statistic(), within(Tolerance.F64));
  }

  @Test
  void messages() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 5}, {2, 5}, {3, 5}});
    assertThatThrownBy(() -> EigenvalueTest.run(x, DEFAULTS))
        .hasMessage("eigenvalueTest needs columns that vary, but column 1 is constant. Remove it");
    assertThatThrownBy(() -> EigenvalueTest.run(x.takeRows(new int[] {0, 1}), DEFAULTS))
        .hasMessage("eigenvalueTest needs at least 3 clones and 2 columns, got 2 x 2");
    assertThatThrownBy(() -> EigenvalueTest.run(x, new double[0]))
        .hasMessageContaining("nullDistribution must hold a statistic");
    assertThatThrownBy(() -> draws(0, 1)).hasMessage("nSimulations must be positive, got 0");
    var nan = DenseMatrix.ofRows(new double[][] {{1, Double.NaN}, {2, 5}, {3, 5}});
    assertThatThrownBy(() -> EigenvalueTest.run(nan, DEFAULTS)).hasMessageContaining("x[0, 1]");
  }
}
