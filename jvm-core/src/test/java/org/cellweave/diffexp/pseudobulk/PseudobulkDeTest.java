package org.cellweave.diffexp.pseudobulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class PseudobulkDeTest {
  private static final int GENES = 150;

  /** Counts of 2 x {@code half} samples, of which the first genes differ fourfold. */
  private static double[][] counts(int half, long seed) {
    var random = new SplittableRandom(seed);
    double[][] x = new double[2 * half][GENES];
    for (int g = 0; g < GENES; g++) {
      double mean = Math.exp(2 + 4 * random.nextDouble());
      for (int i = 0; i < x.length; i++) {
        double spread = Math.exp(0.3 * (random.nextDouble() + random.nextDouble() - 1));
        x[i][g] = Math.floor(mean * spread * (g < 10 && i >= half ? 4 : 1) * (1 + 0.1 * (i % 3)));
      }
    }
    return x;
  }

  private static double[][] twoGroups(int half) {
    double[][] design = new double[2][2 * half];
    Arrays.fill(design[0], 1);
    Arrays.fill(design[1], half, 2 * half, 1);
    return design;
  }

  private static PseudobulkDe.Input input(double[][] x) {
    return input(DenseMatrix.ofRows(x), null);
  }

  private static PseudobulkDe.Input input(Matrix x, double[][] reduced) {
    return new PseudobulkDe.Input(
        x,
        twoGroups(x.nRows() / 2),
        List.of("Intercept", "condition[T.stim]"),
        new double[] {0, 1},
        reduced);
  }

  private static PseudobulkDe.Result run(double[][] x) {
    return run(input(x), PseudobulkDe.Params.DEFAULTS);
  }

  private static PseudobulkDe.Result run(PseudobulkDe.Input input, PseudobulkDe.Params params) {
    return PseudobulkDe.run(input, params, Progress.NONE);
  }

  @Test
  void sizeFactorsByHand() {
    double[][] genes = {{10, 20}, {30, 60}, {7, 14}, {0, 5}};
    double[] ratio = SizeFactors.of(genes, SizeFactors.Type.RATIO);
    assertThat(ratio[0]).isCloseTo(Math.sqrt(0.5), within(1e-12));
    assertThat(ratio[1]).isCloseTo(Math.sqrt(2), within(1e-12));
    double[] positive = SizeFactors.of(genes, SizeFactors.Type.POSCOUNTS);
    assertThat(positive[0] * positive[1]).isCloseTo(1, within(1e-12));
  }

  @Test
  void fourfoldGenesAreFoundAndOthersAreNot() {
    var result = run(counts(6, 1));
    for (int g = 0; g < GENES; g++) {
      assertThat(result.padj()[g] < 0.05).as("gene %d", g).isEqualTo(g < 10);
    }
    assertThat(result.log2FoldChange()[0]).isCloseTo(2, within(0.5));
    assertThat(result.stat()[0])
        .isCloseTo(result.log2FoldChange()[0] / result.lfcSE()[0], within(1e-12));
  }

  @Test
  void threadsStorageAndOrderDoNotMatter() {
    Seeds.forEach(
        5,
        seed -> {
          double[][] x = counts(4, seed);
          var one = Seeds.withThreads(1, () -> run(x));
          for (int threads : new int[] {2, 7}) {
            var more = Seeds.withThreads(threads, () -> run(x));
            assertThat(more.pvalue()).isEqualTo(one.pvalue());
            assertThat(more.log2FoldChange()).isEqualTo(one.log2FoldChange());
            assertThat(more.padj()).isEqualTo(one.padj());
          }
          var sparse =
              run(input(DenseMatrix.ofRows(x).toCsr(), null), PseudobulkDe.Params.DEFAULTS);
          assertThat(sparse.pvalue()).isEqualTo(one.pvalue());
          double[][] turned = new double[x.length][GENES];
          for (int i = 0; i < x.length; i++) {
            for (int g = 0; g < GENES; g++) {
              turned[i][g] = x[i][GENES - 1 - g];
            }
          }
          var other = run(turned);
          for (int g = 0; g < GENES; g++) {
            assertThat(other.pvalue()[GENES - 1 - g])
                .isCloseTo(one.pvalue()[g], within(1e-6 * one.pvalue()[g]));
          }
        });
  }

  @Test
  void theOppositeContrastHasTheOppositeSign() {
    double[][] x = counts(4, 3);
    var there = run(x);
    var input = input(x);
    var back =
        run(
            new PseudobulkDe.Input(
                input.counts(), input.design(), input.coefficients(), new double[] {0, -1}, null),
            PseudobulkDe.Params.DEFAULTS);
    assertThat(back.pvalue()).isEqualTo(there.pvalue());
    for (int g = 0; g < GENES; g++) {
      assertThat(back.log2FoldChange()[g]).isEqualTo(-there.log2FoldChange()[g]);
    }
  }

  @Test
  void genesWithoutCountsHaveNothingButAMean() {
    double[][] x = counts(4, 4);
    for (double[] sample : x) {
      sample[20] = 0;
    }
    var result = run(x);
    assertThat(result.baseMean()[20]).isZero();
    assertThat(result.log2FoldChange()[20]).isNaN();
    assertThat(result.pvalue()[20]).isNaN();
    assertThat(result.padj()[20]).isNaN();
    assertThat(result.dispersion()[20]).isNaN();
  }

  @Test
  void oneWildCountIsReplacedOrTakesThePValue() {
    double[][] many = counts(8, 5);
    many[2][30] = 1e5;
    var replaced = run(many);
    assertThat(replaced.replaced()[30]).isTrue();
    assertThat(replaced.pvalue()[30]).isNotNaN();
    assertThat(Math.abs(replaced.log2FoldChange()[30])).isLessThan(1);
    double[][] few = counts(4, 5);
    few[2][30] = 1e5;
    var withheld = run(few);
    assertThat(withheld.cooksOutlier()[30]).isTrue();
    assertThat(withheld.pvalue()[30]).isNaN();
    assertThat(withheld.maxCooks()[30]).isGreaterThan(CooksDistance.cutoff(2, 8));
    var kept =
        run(input(few), PseudobulkDe.Params.builder().cooksFilter(false).refitCooks(false).build());
    assertThat(kept.pvalue()[30]).isNotNaN();
  }

  @Test
  void theCutoffIsTheQuantileOfF() {
    assertThat(CooksDistance.cutoff(2, 8)).isCloseTo(10.92477, within(1e-4));
  }

  @Test
  void ratiosOfLikelihoodsAgreeWithWaldForStrongEffects() {
    double[][] x = counts(6, 6);
    double[][] intercept = {twoGroups(6)[0]};
    var input = input(DenseMatrix.ofRows(x), intercept);
    var lrt = run(input, PseudobulkDe.Params.builder().test(PseudobulkDe.Test.LRT).build());
    var wald = run(x);
    for (int g = 0; g < GENES; g++) {
      assertThat(lrt.padj()[g] < 0.05).isEqualTo(wald.padj()[g] < 0.05);
      assertThat(lrt.log2FoldChange()[g]).isEqualTo(wald.log2FoldChange()[g]);
      assertThat(lrt.stat()[g]).isGreaterThan(-1e-6);
    }
  }

  @Test
  void shrinkageDrawsToZero() {
    double[][] x = counts(4, 7);
    var plain = run(x);
    var shrunk = run(input(x), PseudobulkDe.Params.builder().lfcShrink(true).build());
    assertThat(shrunk.pvalue()).isEqualTo(plain.pvalue());
    assertThat(shrunk.lfcPriorScale()).isBetween(0.0, 1.0);
    for (int g = 10; g < GENES; g++) {
      assertThat(Math.abs(shrunk.log2FoldChange()[g]))
          .isLessThanOrEqualTo(Math.abs(plain.log2FoldChange()[g]) + 1e-3);
    }
  }

  /** Plain scoring swings between two places here, for one gene far above the others. */
  @Test
  void theTrendComesToRestBesideGenesFarOff() {
    double[] means = new double[40];
    double[] dispersions = new double[40];
    for (int g = 0; g < 40; g++) {
      means[g] = 1 + g;
      dispersions[g] = (0.1 + 2 / means[g]) * (g % 2 == 0 ? 0.6 : 1.4);
    }
    dispersions[0] = 20;
    var trend = DispersionTrend.fit(means, dispersions, DispersionTrend.Type.PARAMETRIC, 1e-8);
    double level = 0;
    double slope = 0;
    for (int g = 0; g < 40; g++) {
      double fitted = trend.at(means[g]);
      level += (dispersions[g] - fitted) / (fitted * fitted);
      slope += (dispersions[g] - fitted) / (fitted * fitted * means[g]);
    }
    assertThat(trend.warning()).isNull();
    assertThat(level).isCloseTo(0, within(1e-4));
    assertThat(slope).isCloseTo(0, within(1e-4));
  }

  @Test
  void linesAreSmoothedToThemselves() {
    double[] x = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    double[] y = Arrays.stream(x).map(v -> 3 - 2 * v).toArray();
    double[] smooth = Lowess.fit(x, y, 0.5);
    for (int i = 0; i < x.length; i++) {
      assertThat(smooth[i]).isCloseTo(y[i], within(1e-12));
    }
  }

  @Test
  void fewerSamplesThanNeededAreRefused() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 2}, {3, 4}});
    assertThatThrownBy(() -> run(input(x, null), PseudobulkDe.Params.DEFAULTS))
        .hasMessage(
            "the design has 2 coefficients [Intercept, condition[T.stim]] for 2 samples, which"
                + " leaves nothing to tell how far replicates differ. Give more samples, or a"
                + " design with fewer terms");
  }

  @Test
  void valuesThatAreNoCountsAreRefused() {
    double[][] x = counts(3, 8);
    x[1][7] = 2.5;
    assertThatThrownBy(() -> run(x))
        .hasMessageContaining("whole numbers from 0, got 2.5 in row 1, column 7")
        .hasMessageContaining("sums of raw counts");
    x[1][7] = -1;
    assertThatThrownBy(() -> run(x)).hasMessageContaining("got -1.0");
    x[1][7] = Double.NaN;
    assertThatThrownBy(() -> run(x)).hasMessageContaining("[1, 7] is NaN");
  }

  @Test
  void samplesWithoutCountsAreRefused() {
    double[][] x = counts(3, 9);
    Arrays.fill(x[4], 0);
    assertThatThrownBy(() -> run(x))
        .hasMessage("row 4 of counts has no counts at all. Leave such samples out first");
  }

  @Test
  void zerosInEveryGeneAskForOtherSizeFactors() {
    double[][] x = counts(3, 10);
    for (int g = 0; g < GENES; g++) {
      x[g % 6][g] = 0;
    }
    assertThatThrownBy(() -> run(x)).hasMessageContaining("use sizeFactors = poscounts");
    var params = PseudobulkDe.Params.builder().sizeFactors(SizeFactors.Type.POSCOUNTS).build();
    assertThat(run(input(x), params).sizeFactors()).doesNotContain(0, Double.NaN);
  }

  @Test
  void copiesHaveNoDispersion() {
    double[][] x = new double[6][];
    Arrays.fill(x, counts(1, 11)[0]);
    assertThatThrownBy(() -> run(x)).hasMessageContaining("Are the samples copies of each other?");
  }

  @Test
  void wrongArgumentsAreTold() {
    var builder = PseudobulkDe.Params.builder();
    assertThatThrownBy(() -> builder.alpha(1).build())
        .hasMessage("alpha must lie in (0, 1), got 1.0");
    assertThatThrownBy(() -> PseudobulkDe.Params.builder().minReplicates(2).build())
        .hasMessage("minReplicates must be at least 3, got 2");
    var lrt = PseudobulkDe.Params.builder().test(PseudobulkDe.Test.LRT).build();
    double[][] x = counts(3, 12);
    assertThatThrownBy(() -> run(input(x), lrt)).hasMessageContaining("give reduced");
    assertThatThrownBy(() -> run(input(DenseMatrix.ofRows(x), twoGroups(3)), lrt))
        .hasMessageContaining("reduced must have fewer coefficients");
    var input = input(x);
    var both =
        new PseudobulkDe.Input(
            input.counts(), input.design(), input.coefficients(), new double[] {1, 1}, null);
    var shrink = PseudobulkDe.Params.builder().lfcShrink(true).build();
    assertThatThrownBy(() -> run(both, shrink)).hasMessageContaining("one coefficient");
  }
}
