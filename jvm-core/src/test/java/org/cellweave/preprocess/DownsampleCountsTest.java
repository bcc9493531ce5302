package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.preprocess.DownsampleCounts.Params;
import org.cellweave.preprocess.DownsampleCounts.Target;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class DownsampleCountsTest {
  private static Params params(boolean replace, long seed) {
    return Params.builder().replace(replace).seed(seed).build();
  }

  private static CsrMatrix counts(long seed) {
    var x = Seeds.counts(80, 30, 0.4, seed);
    var random = new SplittableRandom(seed);
    x.forBlocks(
        b -> {
          for (int p = 0; p < b.nnz(); p += 7) {
            b.values()[p] = 10 + random.nextInt(400);
          }
        });
    return x;
  }

  @Test
  void aCellOfOneGeneByHand() {
    var x = DenseMatrix.wrap(new float[] {0, 9, 0, 2, 3, 0}, 2, 3);
    var r = DownsampleCounts.run(x, Target.perCell(5, 2), Params.DEFAULTS);
    assertThat(((DenseMatrix) r.x()).floatData()).containsExactly(0, 5, 0, 2, 3, 0);
    assertThat(r.reduced()).isEqualTo(1);
    assertThat(x.get(0, 1)).as("input kept").isEqualTo(9);
    var none = DownsampleCounts.run(x, Target.perCell(0, 2), Params.DEFAULTS);
    assertThat(((DenseMatrix) none.x()).floatData()).containsOnly(0);
  }

  @Test
  void totalsAreMetAndNothingGrows() {
    Seeds.forEach(
        20,
        seed -> {
          var x = counts(seed);
          double[] before = x.rowSums();
          for (boolean replace : new boolean[] {false, true}) {
            var r = DownsampleCounts.run(x, Target.perCell(120, 80), params(replace, seed));
            double[] after = r.x().rowSums();
            int reduced = 0;
            for (int i = 0; i < 80; i++) {
              assertThat(after[i]).isEqualTo(Math.min(before[i], 120));
              reduced += before[i] > 120 ? 1 : 0;
            }
            assertThat(r.reduced()).isEqualTo(reduced).isPositive();
            assertIsPart(r.x(), x, replace);
            var whole = DownsampleCounts.run(x, Target.total(3000), params(replace, seed)).x();
            assertThat(sum(whole)).isEqualTo(3000);
            assertIsPart(whole, x, replace);
          }
        });
  }

  private static double sum(Matrix x) {
    return java.util.Arrays.stream(x.rowSums()).sum();
  }

  private static void assertIsPart(Matrix part, Matrix whole, boolean replace) {
    assertThat(part.isSparse()).isTrue();
    assertThat(part.dtype()).isEqualTo(whole.dtype());
    float[] a = part.toDense().floatData();
    float[] b = whole.toDense().floatData();
    long stored = 0;
    for (int k = 0; k < a.length; k++) {
      stored += a[k] != 0 ? 1 : 0;
      assertThat(a[k]).isBetween(0f, b[k] == 0 || !replace ? b[k] : Float.MAX_VALUE);
      assertThat(a[k]).isEqualTo((float) Math.rint(a[k]));
    }
    assertThat(part.nnz()).as("no zeros stored").isEqualTo(stored);
  }

  @Test
  void targetsAboveTheTotalsChangeNothing() {
    var x = counts(1);
    for (boolean replace : new boolean[] {false, true}) {
      var p = params(replace, 3);
      long total = (long) sum(x);
      assertSame(DownsampleCounts.run(x, Target.perCell(1_000_000, 80), p).x(), x);
      assertSame(DownsampleCounts.run(x, Target.total(total + 1), p).x(), x);
    }
    assertSame(DownsampleCounts.run(x, Target.total((long) sum(x)), params(false, 1)).x(), x);
    assertThat(DownsampleCounts.run(x, Target.total((long) sum(x)), params(true, 1)).reduced())
        .isPositive();
  }

  private static void assertSame(Matrix a, Matrix b) {
    assertThat(a.toDense().floatData()).isEqualTo(b.toDense().floatData());
  }

  @Test
  void everyKindOfMatrixAndAnyThreadsGiveTheSame() {
    Seeds.forEach(
        20,
        seed -> {
          var x = counts(seed);
          for (boolean replace : new boolean[] {false, true}) {
            for (Target t : new Target[] {Target.perCell(100, 80), Target.total(2500)}) {
              var p = params(replace, seed);
              var one = Seeds.withThreads(1, () -> DownsampleCounts.run(x, t, p).x());
              var csc = new CscMatrix(x.transposeToCsr());
              assertSame(Seeds.withThreads(2, () -> DownsampleCounts.run(csc, t, p).x()), one);
              assertSame(
                  Seeds.withThreads(7, () -> DownsampleCounts.run(x.toDense(), t, p).x()), one);
              var wide = DownsampleCounts.run(x.withDType(DType.INT64), t, p).x();
              assertThat(wide.dtype()).isEqualTo(DType.INT64);
              assertThat(wide.toDense().toFloat32().floatData())
                  .isEqualTo(one.toDense().floatData());
            }
          }
        });
  }

  /** Pearson's statistic of draws of a four-gene cell against the exact distribution of gene 1. */
  private static void assertDistribution(boolean replace, boolean whole) {
    int cells = 60_000;
    int[] cell = {3, 20, 7, 30};
    int draws = 24;
    float[] data = new float[cells * 4];
    for (int i = 0; i < cells * 4; i++) {
      data[i] = cell[i % 4];
    }
    var target = whole ? Target.total((long) cells * draws) : Target.perCell(draws, cells);
    var r = DownsampleCounts.run(DenseMatrix.wrap(data, cells, 4), target, params(replace, 11));
    for (int gene = 0; gene < 4; gene++) {
      double[] seen = new double[200];
      for (int i = 0; i < cells; i++) {
        seen[(int) r.x().get(i, gene)]++;
      }
      double statistic = 0;
      int bins = 0;
      for (int k = 0; k < 60; k++) {
        double p = probability(cell[gene], 60, draws, cells, k, replace, whole);
        if (p * cells >= 10) {
          statistic += (seen[k] - p * cells) * (seen[k] - p * cells) / (p * cells);
          bins++;
        }
      }
      assertThat(bins).isGreaterThan(3);
      // mean bins - 1, five standard deviations above it
      assertThat(statistic).isLessThan(bins - 1 + 5 * Math.sqrt(2.0 * (bins - 1)));
    }
  }

  private static double probability(
      int marked, int total, int draws, int cells, int k, boolean replace, boolean whole) {
    long n = whole ? (long) draws * cells : draws;
    long all = whole ? (long) total * cells : total;
    if (!replace && (k > marked || k > n)) {
      return 0;
    }
    if (k > n) {
      return 0;
    }
    if (replace) {
      double share = (double) marked / all;
      return Math.exp(
          CountDraws.logChoose(n, k) + k * Math.log(share) + (n - k) * Math.log1p(-share));
    }
    return Math.exp(
        CountDraws.logChoose(marked, k)
            + CountDraws.logChoose(all - marked, n - k)
            - CountDraws.logChoose(all, n));
  }

  @Test
  void countsWithoutReplacementAreHypergeometric() {
    assertDistribution(false, false);
    assertDistribution(false, true);
  }

  @Test
  void countsWithReplacementAreBinomial() {
    assertDistribution(true, false);
    assertDistribution(true, true);
  }

  @Test
  void similarCellsLoseDifferentGenes() {
    float[] data = new float[200 * 50];
    java.util.Arrays.fill(data, 1);
    var r =
        DownsampleCounts.run(
            DenseMatrix.wrap(data, 200, 50), Target.perCell(25, 200), Params.DEFAULTS);
    double[] kept = r.x().colSums();
    assertThat(java.util.Arrays.stream(kept).boxed()).allMatch(k -> k > 60 && k < 140);
  }

  @Test
  void logarithmsOfFactorials() {
    for (int n = 1; n < 300; n++) {
      assertThat(CountDraws.logChoose(n, 1)).isCloseTo(Math.log(n), within());
      assertThat(CountDraws.logChoose(n, 0)).isZero();
    }
    assertThat(CountDraws.logChoose(100, 50)).isCloseTo(66.7838416520, within());
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-10);
  }

  @Test
  void messagesSayWhatToDo() {
    var x = DenseMatrix.wrap(new float[] {1, 2, 0.5f, 4}, 2, 2);
    assertThatThrownBy(() -> DownsampleCounts.run(x, Target.total(1), Params.DEFAULTS))
        .hasMessage("downsampleCounts needs counts, but X[1, 0] is 0.5. Start from the raw counts");
    x.set(1, 0, -3);
    assertThatThrownBy(() -> DownsampleCounts.run(x, Target.total(1), Params.DEFAULTS))
        .hasMessageContaining("X[1, 0] is -3.0");
    x.set(1, 0, Double.NaN);
    assertThatThrownBy(() -> DownsampleCounts.run(x, Target.total(1), Params.DEFAULTS))
        .hasMessageStartingWith("downsampleCounts needs finite values, but X[1, 0] is NaN");
    x.set(1, 0, 3);
    assertThatThrownBy(() -> DownsampleCounts.run(x, Target.perCell(1, 3), Params.DEFAULTS))
        .hasMessage("countsPerCell has length 3, but number of cells is 2");
    assertThatThrownBy(() -> Target.perCell(new long[] {1, -2}))
        .hasMessage("countsPerCell must not be negative, got -2 for cell 1");
    assertThatThrownBy(() -> Target.total(-1))
        .hasMessage("totalCounts must not be negative, got -1");
  }
}
