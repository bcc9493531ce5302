package org.cellweave.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

/** Numbers are scipy 1.15's where a comment does not derive them. */
class InferenceTest {
  private static final double[] A = {1.5, 2.25, 3, 4.75, 2};
  private static final double[] B = {4, 1, 8, 6.5, 7, 9};
  private static final double[] TIED = {1, 2, 2, 3, 3, 3};

  private static TTest.Params tTest(boolean equalVar, Alternative alternative) {
    return TTest.Params.builder().equalVar(equalVar).alternative(alternative).build();
  }

  private static MannWhitney.Params ranks(Alternative alternative, MannWhitney.Method method) {
    return MannWhitney.Params.builder().alternative(alternative).method(method).build();
  }

  @Test
  void studentsAndWelchsTest() {
    var pooled = TTest.run(A, B, TTest.Params.DEFAULTS);
    assertThat(pooled.statistic()).isCloseTo(-2.262063939902958, within(1e-13));
    assertThat(pooled.pvalue()).isCloseTo(0.050007619065056734, within(1e-13));
    assertThat(pooled.df()).isEqualTo(9);
    var welch = TTest.run(A, B, tTest(false, Alternative.LESS));
    assertThat(welch.statistic()).isCloseTo(-2.4236020468824098, within(1e-13));
    assertThat(welch.pvalue()).isCloseTo(0.022824228911060077, within(1e-13));
    assertThat(welch.df()).isCloseTo(7.041338959555792, within(1e-12));
    assertThat(TTest.run(A, B, tTest(false, Alternative.GREATER)).pvalue())
        .isCloseTo(0.9771757710889399, within(1e-13));
  }

  @Test
  void samplesWithoutVariance() {
    double[] one = {1, 1};
    double[] two = {2, 2};
    assertThat(TTest.run(one, one, TTest.Params.DEFAULTS).pvalue()).isNaN();
    var apart = TTest.run(two, one, TTest.Params.DEFAULTS);
    assertThat(apart.statistic()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(apart.pvalue()).isZero();
    // of one value, whose variance is left out of the pooled one
    var single = TTest.run(new double[] {1}, new double[] {1, 2, 3}, TTest.Params.DEFAULTS);
    assertThat(single.pvalue()).isCloseTo(0.4777670321329065, within(1e-13));
    assertThat(TTest.run(new double[0], one, TTest.Params.DEFAULTS).statistic()).isNaN();
  }

  @Test
  void columnsOfMatricesAreTestedOnAnyNumberOfThreads() {
    double nan = Double.NaN;
    var a = DenseMatrix.ofRows(new double[][] {{1.5, 1}, {2.25, nan}, {3, 2}, {4.75, 4}, {2, 3}});
    var b = DenseMatrix.ofRows(new double[][] {{4, 1}, {1, 5}, {8, 7}, {6.5, 2}, {7, 3}, {9, 9}});
    var found = TTest.ofColumns(a, b, true, TTest.Params.DEFAULTS);
    assertThat(found[0]).isEqualTo(TTest.run(A, B, TTest.Params.DEFAULTS));
    double[] kept = {1, 2, 4, 3};
    double[] others = {1, 5, 7, 2, 3, 9};
    assertThat(found[1]).isEqualTo(TTest.run(kept, others, TTest.Params.DEFAULTS));
    assertThat(TTest.ofColumns(a, b, false, TTest.Params.DEFAULTS)[1].pvalue()).isNaN();
    Seeds.forEach(
        3,
        seed -> {
          var x = Seeds.counts(60, 300, 0.3, seed);
          var y = Seeds.counts(40, 300, 0.3, seed + 100);
          var params = TTest.Params.DEFAULTS;
          var single = Seeds.withThreads(1, () -> TTest.ofColumns(x, y, false, params));
          for (int threads : new int[] {2, 7}) {
            assertThat(
                    Seeds.withThreads(
                        threads, () -> TTest.ofColumns(x, y.toDense(), false, params)))
                .isEqualTo(single);
          }
        });
  }

  @Test
  void mannAndWhitneysTest() {
    var exact = MannWhitney.run(A, B, MannWhitney.Params.DEFAULTS);
    assertThat(exact.statistic()).isEqualTo(6);
    assertThat(exact.pvalue()).isCloseTo(0.12554112554112554, within(1e-15));
    var auto = MannWhitney.Method.AUTO;
    assertThat(MannWhitney.run(A, B, ranks(Alternative.LESS, auto)).pvalue())
        .isCloseTo(0.06277056277056277, within(1e-15));
    assertThat(MannWhitney.run(A, B, ranks(Alternative.GREATER, auto)).pvalue())
        .isCloseTo(0.9588744588744589, within(1e-15));
    var normal = MannWhitney.Method.ASYMPTOTIC;
    assertThat(MannWhitney.run(A, B, ranks(Alternative.TWO_SIDED, normal)).pvalue())
        .isCloseTo(0.12069080052744556, within(1e-14));
    assertThat(
            MannWhitney.run(A, B, new MannWhitney.Params(false, Alternative.TWO_SIDED, normal))
                .pvalue())
        .isCloseTo(0.10034824646229075, within(1e-14));
    var tied = MannWhitney.run(TIED, new double[] {2, 3, 4, 4, 5}, MannWhitney.Params.DEFAULTS);
    assertThat(tied.statistic()).isEqualTo(5.5);
    assertThat(tied.pvalue()).isCloseTo(0.08871369199677616, within(1e-14));
    assertThat(MannWhitney.run(new double[0], A, MannWhitney.Params.DEFAULTS).pvalue()).isNaN();
  }

  @Test
  void exactProbabilitiesAreThoseOfAllOrders() {
    // of 2 and 3 values the 10 orders give U = 0, 1, 2, 2, 3, 3, 4, 4, 5, 6
    double[] low = {1, 2};
    double[] high = {3, 4, 5};
    var greater = ranks(Alternative.GREATER, MannWhitney.Method.EXACT);
    assertThat(MannWhitney.run(low, high, greater).pvalue()).isEqualTo(1);
    assertThat(MannWhitney.run(high, low, greater).pvalue()).isEqualTo(0.1);
    assertThat(MannWhitney.run(new double[] {2, 5}, new double[] {1, 3, 4}, greater).pvalue())
        .isEqualTo(0.4);
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          double[] a = random.doubles(1 + seed % 7).toArray();
          double[] b = random.doubles(5).toArray();
          var both = ranks(Alternative.TWO_SIDED, MannWhitney.Method.EXACT);
          assertThat(MannWhitney.run(a, b, both).pvalue())
              .isEqualTo(MannWhitney.run(b, a, both).pvalue());
        });
  }

  @Test
  void kruskalAndWallisTest() {
    var three = KruskalWallis.run(A, B, TIED);
    assertThat(three.statistic()).isCloseTo(4.832292967124425, within(1e-13));
    assertThat(three.pvalue()).isCloseTo(0.08926493944755406, within(1e-13));
    assertThat(KruskalWallis.run(A, new double[0]).pvalue()).isNaN();
    assertThatThrownBy(() -> KruskalWallis.run(new double[] {1, 1}, new double[] {1}))
        .hasMessage("kruskal needs values that differ, but all 3 of the samples are 1.0");
    assertThatThrownBy(() -> KruskalWallis.run(A))
        .hasMessage("the number of samples less one must be positive, got 0");
  }

  @Test
  void correlations() {
    double[] x = {1, 2, 3, 4, 5.5};
    double[] y = {2, 1, 4, 3, 7};
    var pearson = CorrelationTest.pearson(x, y, Alternative.TWO_SIDED);
    assertThat(pearson.statistic()).isCloseTo(0.8580868382401787, within(1e-14));
    assertThat(pearson.pvalue()).isCloseTo(0.06279139150699345, within(1e-13));
    assertThat(CorrelationTest.pearson(x, y, Alternative.LESS).pvalue())
        .isCloseTo(0.9686043042465035, within(1e-13));
    var spearman = CorrelationTest.spearman(x, y, Alternative.GREATER);
    assertThat(spearman.statistic()).isCloseTo(0.8, within(1e-14));
    assertThat(spearman.pvalue()).isCloseTo(0.05204401933091394, within(1e-13));
    assertThat(CorrelationTest.pearson(x, x, Alternative.TWO_SIDED).pvalue()).isZero();
    double[] pair = {1, 2};
    assertThat(CorrelationTest.pearson(pair, pair, Alternative.TWO_SIDED).pvalue()).isEqualTo(1);
    assertThat(CorrelationTest.spearman(pair, pair, Alternative.TWO_SIDED).pvalue()).isNaN();
    assertThat(CorrelationTest.pearson(x, new double[5], Alternative.LESS).statistic()).isNaN();
    assertThatThrownBy(() -> CorrelationTest.pearson(x, pair, Alternative.LESS))
        .hasMessageContaining("y")
        .hasMessageContaining("2");
    assertThatThrownBy(
            () -> CorrelationTest.pearson(new double[1], new double[1], Alternative.LESS))
        .hasMessage("pearsonr needs at least 2 pairs, got 1");
  }

  @Test
  void tablesOfCounts() {
    var wide = Contingency.chiSquared(new double[][] {{10, 20, 30}, {6, 9, 17}}, true);
    assertThat(wide.statistic()).isCloseTo(0.27157465150403504, within(1e-13));
    assertThat(wide.pvalue()).isCloseTo(0.873028283380073, within(1e-13));
    assertThat(wide.dof()).isEqualTo(2);
    // 60 * 16 / 92
    assertThat(wide.expected()[0][0]).isCloseTo(960 / 92.0, within(1e-13));
    double[][] four = {{10, 20}, {6, 29}};
    assertThat(Contingency.chiSquared(four, true).pvalue())
        .isCloseTo(0.22177627206358658, within(1e-13));
    assertThat(Contingency.chiSquared(four, false).pvalue())
        .isCloseTo(0.1308873449880567, within(1e-13));
    assertThat(Contingency.chiSquared(new double[][] {{1, 2}}, true).pvalue()).isEqualTo(1);
    assertThatThrownBy(() -> Contingency.chiSquared(new double[][] {{0, 0}, {6, 9}}, true))
        .hasMessage("row 0 has no counts, so that none are expected; leave it out");
    assertThatThrownBy(() -> Contingency.chiSquared(new double[][] {{0, 1}, {0, 9}}, true))
        .hasMessageStartingWith("column 0 has no counts");
    assertThatThrownBy(() -> Contingency.chiSquared(new double[][] {{-1, 1}}, true))
        .hasMessageContaining("the count in row 0");
    assertThatThrownBy(() -> Contingency.chiSquared(new double[0][0], true))
        .hasMessageContaining("at least one row");
  }

  @Test
  void fishersTest() {
    int[][] table = {{8, 2}, {1, 5}};
    var both = Contingency.fisher(table, Alternative.TWO_SIDED);
    assertThat(both.statistic()).isEqualTo(20);
    assertThat(both.pvalue()).isCloseTo(0.034965034965034975, within(1e-15));
    assertThat(Contingency.fisher(table, Alternative.LESS).pvalue())
        .isCloseTo(0.9991258741258742, within(1e-15));
    assertThat(Contingency.fisher(table, Alternative.GREATER).pvalue())
        .isCloseTo(0.024475524475524483, within(1e-15));
    var empty = Contingency.fisher(new int[][] {{0, 0}, {1, 5}}, Alternative.TWO_SIDED);
    assertThat(empty.statistic()).isNaN();
    assertThat(empty.pvalue()).isEqualTo(1);
    var infinite = Contingency.fisher(new int[][] {{3, 0}, {1, 5}}, Alternative.TWO_SIDED);
    assertThat(infinite.statistic()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(infinite.pvalue()).isCloseTo(0.04761904761904762, within(1e-15));
    assertThatThrownBy(() -> Contingency.fisher(new int[1][2], Alternative.LESS))
        .hasMessage("fisherExact needs a table of 2 rows and 2 columns");
    assertThatThrownBy(() -> Contingency.fisher(new int[][] {{-1, 0}, {1, 5}}, Alternative.LESS))
        .hasMessageContaining("a count");
  }

  @Test
  void adjustmentsAndScores() {
    double[] p = {.01, .2, .03, .9, .04};
    assertThat(FalseDiscoveries.control(p, FalseDiscoveries.Method.BH))
        .containsExactly(new double[] {0.05, 0.25, 0.2 / 3, 0.9, 0.2 / 3}, within(1e-15));
    // as above, times 1 + 1/2 + 1/3 + 1/4 + 1/5 and at most 1
    assertThat(FalseDiscoveries.control(p, FalseDiscoveries.Method.BY)[4])
        .isCloseTo(0.2 / 3 * 137 / 60, within(1e-15));
    assertThat(FalseDiscoveries.control(p, FalseDiscoveries.Method.BY)[3]).isEqualTo(1);
    assertThatThrownBy(
            () -> FalseDiscoveries.control(new double[] {0, 2}, FalseDiscoveries.Method.BH))
        .hasMessage("p-values must lie in [0, 1], got 2.0 at position 1");
    assertThat(Scores.z(A, 1)[3]).isCloseTo(1.61751118, within(1e-8));
    assertThat(Arrays.stream(Scores.z(A, 0)).sum()).isCloseTo(0, within(1e-14));
    assertThat(Scores.z(new double[] {0.1, 0.1, 0.1}, 0)).containsOnly(Double.NaN);
    assertThat(Scores.z(new double[0], 0)).isEmpty();
    assertThat(Scores.geometricMean(A)).isCloseTo(2.4924343470835835, within(1e-14));
    assertThat(Scores.geometricMean(new double[] {0, 1})).isZero();
    assertThat(Scores.medianAbsDeviation(A, Scores.NORMAL_MAD))
        .isCloseTo(1.1119516638792015, within(1e-14));
    assertThat(Scores.medianAbsDeviation(new double[] {1, Double.NaN}, 1)).isNaN();
  }
}
