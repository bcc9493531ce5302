package org.cellweave.preprocess.sctransform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.random.CountDistributions;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SCTransformTest {
  private static final int CELLS = 240;
  private static final int GENES = 150;

  /** Gamma-Poisson counts of cells of unlike depth. */
  private static CsrMatrix counts(long seed) {
    var random = new SplittableRandom(seed);
    double[] mean = new double[GENES];
    Arrays.setAll(mean, j -> Math.pow(10, -1.2 + 2.4 * random.nextDouble()));
    var builder = new CsrBuilder(GENES, DType.FLOAT32);
    for (int i = 0; i < CELLS; i++) {
      double depth = Math.exp(0.5 * random.nextGaussian());
      double[] v = new double[GENES];
      int[] at = new int[GENES];
      int n = 0;
      for (int j = 0; j < GENES; j++) {
        double rate = mean[j] * depth * CountDistributions.gamma(4, random) / 4;
        int count = CountDistributions.poisson(rate, random);
        if (count > 0) {
          at[n] = j;
          v[n++] = count;
        }
      }
      builder.addRow(at, v, n);
    }
    return builder.build();
  }

  private static SCTransform.Params.Builder of(SCTransform.Flavor flavor) {
    return SCTransform.Params.builder().flavor(flavor).nTopGenes(60);
  }

  private static Categories halves(int n) {
    int[] codes = new int[n];
    Arrays.setAll(codes, i -> i % 2);
    return Categories.of("batch", codes);
  }

  private static void same(SCTransform.Result a, SCTransform.Result b) {
    assertThat(b.genes()).isEqualTo(a.genes());
    assertThat(b.residualVariance()).isEqualTo(a.residualVariance());
    assertThat(b.residuals().toDense().floatData()).isEqualTo(a.residuals().floatData());
    assertThat(b.corrected().toDense().floatData()).isEqualTo(a.corrected().toDense().floatData());
    assertThat(b.models().get(0).theta()).isEqualTo(a.models().get(0).theta());
  }

  @Test
  void shareOfTheTotalByHand() {
    // one gene of rate 1 in 10, one of 9 in 10: counts are what the totals foretell
    double[] totals = {10, 20, 40, 80, 160, 320};
    double[] depth = ModelFit.depths(totals);
    int[] level = new int[totals.length];
    var fit = new GeneFit(DepthNodes.ofLevels(depth, level, 1), depth, level);
    int[] cells = IntStream.range(0, totals.length).toArray();
    double[] y = Arrays.stream(totals).map(t -> t / 10).toArray();
    fit.load(cells, 0, y, y.length, level);
    GeneFit.Fit poisson = fit.poisson();
    assertThat(poisson.slope()[0]).isCloseTo(Math.log(10), within(1e-10));
    assertThat(poisson.intercept()[0]).isCloseTo(Math.log(0.1), within(1e-10));
    // no cell differs from its mean, so that theta ends at its bound: 10.5 / 1e-4
    assertThat(poisson.theta()).isCloseTo(105_000, within(1e-6));
    GeneFit.Fit offset = fit.offset();
    assertThat(offset.intercept()[0]).isCloseTo(Math.log(0.1), within(1e-10));
    assertThat(offset.slope()[0]).isEqualTo(Math.log(10));
  }

  @Test
  void thetaOfEqualCellsByHand() {
    // counts 0, 0, 3, 3 of mean 1.5: the score is 2/t + 2/(t+1) + 2/(t+2) + 4 log(t/(t+1.5))
    double[] depth = {1, 1, 1, 1};
    int[] level = new int[4];
    var fit = new GeneFit(DepthNodes.ofLevels(depth, level, 1), depth, level);
    fit.load(new int[] {2, 3}, 0, new double[] {3, 3}, 2, level);
    GeneFit.Fit found = fit.offset();
    double t = found.theta();
    double score = 2 / t + 2 / (t + 1) + 2 / (t + 2) + 4 * Math.log(t / (t + 1.5));
    assertThat(score).isCloseTo(0, within(1e-9));
    assertThat(found.intercept()[0]).isCloseTo(Math.log(0.15), within(1e-9));
  }

  @Test
  void nodesSumSmoothFunctionsAsCellsDo() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          double[] depth = new double[5000];
          Arrays.setAll(depth, i -> 3 + 0.4 * random.nextGaussian());
          var nodes = DepthNodes.of(depth);
          assertThat(nodes.at.length).isLessThanOrEqualTo(192);
          double direct = Arrays.stream(depth).map(SCTransformTest::smooth).sum();
          double by = 0;
          for (int k = 0; k < nodes.at.length; k++) {
            by += nodes.weight[k] * smooth(nodes.at[k]);
          }
          assertThat(by / direct).isCloseTo(1, within(1e-9));
        });
  }

  private static double smooth(double depth) {
    double mean = Math.exp(2.3 * depth - 7);
    return Math.log1p(mean / 2);
  }

  @ParameterizedTest
  @EnumSource(SCTransform.Flavor.class)
  void variancesAreThoseOfTheResiduals(SCTransform.Flavor flavor) {
    Seeds.forEach(
        8,
        seed -> {
          double clip = 1 + seed;
          var params =
              of(flavor).clip(clip).resClipRange(clip).returnOnlyVarGenes(false).doCenter(false);
          var result = SCTransform.run(counts(seed), params.build());
          double[] variance = result.residuals().colMoments(1).variance();
          for (int c = 0; c < variance.length; c++) {
            assertThat(result.residualVariance()[result.genes()[c]])
                .isCloseTo(variance[c], within(1e-5 * Math.max(1, variance[c])));
          }
        });
  }

  @ParameterizedTest
  @EnumSource(SCTransform.Flavor.class)
  void threadsAndStorageDoNotMatter(SCTransform.Flavor flavor) {
    Seeds.forEach(
        4,
        seed -> {
          CsrMatrix x = counts(seed);
          var params = of(flavor).nCells(200).nGenes(100).seed(seed).build();
          Categories batch = halves(CELLS);
          var one = Seeds.withThreads(1, () -> run(x, null, params));
          same(one, Seeds.withThreads(2, () -> run(x, null, params)));
          same(one, Seeds.withThreads(7, () -> run(x, null, params)));
          same(one, run(x.toDense(), null, params));
          var split = Seeds.withThreads(1, () -> run(x, batch, params));
          same(split, Seeds.withThreads(7, () -> run(x, batch, params)));
        });
  }

  private static SCTransform.Result run(Matrix x, Categories batch, SCTransform.Params params) {
    return SCTransform.run(x, batch, null, params, Progress.NONE);
  }

  @ParameterizedTest
  @EnumSource(SCTransform.Flavor.class)
  void batchesAreFittedByThemselves(SCTransform.Flavor flavor) {
    CsrMatrix x = counts(3);
    var params = of(flavor).returnOnlyVarGenes(false).build();
    var split = run(x, halves(CELLS), params);
    int[] even = IntStream.range(0, CELLS / 2).map(i -> 2 * i).toArray();
    var alone = run(x.takeRows(even), null, params);
    assertThat(split.models()).hasSize(2);
    assertThat(split.models().get(0).theta()).isEqualTo(alone.models().get(0).theta());
    for (int k = 0; k < even.length; k++) {
      for (int c = 0; c < alone.genes().length; c++) {
        int in = Arrays.binarySearch(split.genes(), alone.genes()[c]);
        assertThat(split.residuals().get(even[k], in)).isEqualTo(alone.residuals().get(k, c));
      }
      for (int g = 0; g < GENES; g++) {
        assertThat(split.corrected().get(even[k], g)).isEqualTo(alone.corrected().get(k, g));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SCTransform.Flavor.class)
  void orderOfCellsDoesNotMatter(SCTransform.Flavor flavor) {
    Seeds.forEach(
        4,
        seed -> {
          CsrMatrix x = counts(seed);
          int[] order = Seeds.permutation(CELLS, seed);
          var params = of(flavor).build();
          var plain = SCTransform.run(x, params);
          var moved = SCTransform.run(x.takeRows(order), params);
          assertThat(moved.genes()).isEqualTo(plain.genes());
          for (int k = 0; k < CELLS; k++) {
            for (int c = 0; c < plain.genes().length; c++) {
              double r = plain.residuals().get(order[k], c);
              assertThat(moved.residuals().get(k, c)).isCloseTo(r, within(1e-4));
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource(SCTransform.Flavor.class)
  void correctionTakesDepthOff(SCTransform.Flavor flavor) {
    CsrMatrix x = counts(5);
    double[] corrected = SCTransform.run(x, of(flavor).build()).corrected().rowSums();
    assertThat(spread(corrected)).isLessThan(0.3 * spread(x.rowSums()));
    for (double v : SCTransform.run(x, of(flavor).build()).corrected().toDense().floatData()) {
      assertThat(v).isEqualTo(Math.rint(v)).isGreaterThanOrEqualTo(0);
    }
  }

  private static double spread(double[] v) {
    double mean = Arrays.stream(v).average().orElseThrow();
    return Math.sqrt(Arrays.stream(v).map(a -> (a - mean) * (a - mean)).sum() / v.length) / mean;
  }

  @ParameterizedTest
  @EnumSource(SCTransform.Flavor.class)
  void covariateTakesAShiftOff(SCTransform.Flavor flavor) {
    DenseMatrix x = counts(6).toDense();
    for (int i = 0; i < CELLS; i += 2) {
      x.set(i, 0, 4 * x.get(i, 0) + 3);
    }
    var params = of(flavor).returnOnlyVarGenes(false).doCenter(false).build();
    var plain = run(x, null, params);
    var with = SCTransform.run(x, null, halves(CELLS), params, Progress.NONE);
    assertThat(with.models().get(0).intercept()).hasDimensions(2, GENES);
    assertThat(with.residuals().nRows()).isEqualTo(plain.residuals().nRows());
    assertThat(with.corrected().nRows()).isEqualTo(CELLS);
  }

  @Test
  void rareGenesHaveNoModel() {
    DenseMatrix x = counts(8).toDense();
    for (int i = 0; i < CELLS; i++) {
      x.set(i, 4, i < 3 ? 2 : 0);
    }
    var params = of(SCTransform.Flavor.V2).returnOnlyVarGenes(false).build();
    var result = run(x, null, params);
    assertThat(result.models().get(0).modelled()[4]).isFalse();
    assertThat(result.residualVariance()[4]).isNaN();
    assertThat(result.chosen().selected()[4]).isFalse();
    assertThat(result.genes()).doesNotContain(4);
    assertThat(result.corrected().colSums()[4]).isZero();
  }

  @Test
  void saysWhatItCannotTake() {
    var params = SCTransform.Params.DEFAULTS;
    DenseMatrix x = counts(9).toDense();
    x.set(2, 3, 0.5);
    assertThatThrownBy(() -> SCTransform.run(x, params))
        .hasMessage(
            "sctransform needs whole counts, but X[2, 3] is 0.5."
                + " Pass the layer that holds the counts");
    x.set(2, 3, -1);
    assertThatThrownBy(() -> SCTransform.run(x, params)).hasMessageContaining("X[2, 3] is -1.0");
    x.set(2, 3, Double.NaN);
    assertThatThrownBy(() -> SCTransform.run(x, params)).hasMessageContaining("X[2, 3] is NaN");
    for (int j = 0; j < GENES; j++) {
      x.set(2, j, 0);
    }
    assertThatThrownBy(() -> SCTransform.run(x, params))
        .hasMessage(
            "sctransform needs counts in every cell, but row 2 of x has none."
                + " Remove such cells first: filterCells(minCounts = 1)");
    var few = DenseMatrix.ofRows(new double[][] {{1, 2}, {2, 1}});
    assertThatThrownBy(() -> SCTransform.run(few, params))
        .hasMessageStartingWith(
            "sctransform has no gene to learn from: none has counts in 5 cells");
    assertThatThrownBy(() -> SCTransform.run(DenseMatrix.ofRows(new double[][] {{1}}), params))
        .hasMessage("sctransform needs genes and at least 2 cells, but X is 1 x 1");
    var flat = new double[20][];
    for (int i = 0; i < 20; i++) {
      flat[i] = new double[] {1 + i % 3};
    }
    var v1 = of(SCTransform.Flavor.V1).build();
    assertThatThrownBy(() -> SCTransform.run(DenseMatrix.ofRows(flat), v1))
        .hasMessageStartingWith("sctransform finds no bandwidth for the means of 1 genes");
  }

  @Test
  void smallBatchesAreRefusedByName() {
    int[] codes = new int[CELLS];
    codes[0] = 1;
    var batch = Categories.of("batch", codes);
    var params = SCTransform.Params.DEFAULTS;
    assertThatThrownBy(() -> run(counts(1), batch, params))
        .hasMessageContaining("of batch has 1 cell, but sctransform needs at least 5");
    assertThatThrownBy(() -> SCTransform.run(counts(1), null, batch, params, Progress.NONE))
        .hasMessageContaining("of batch has 1 cell, but sctransform needs at least 5");
  }

  @Test
  void paramsAreChecked() {
    assertThatThrownBy(() -> SCTransform.Params.builder().nCells(0).build())
        .hasMessage("nCells must be positive, got 0");
    assertThatThrownBy(() -> SCTransform.Params.builder().nGenes(0).build())
        .hasMessage("nGenes must be positive, got 0");
    assertThatThrownBy(() -> SCTransform.Params.builder().minCells(0).build())
        .hasMessage("minCells must be positive, got 0");
    assertThatThrownBy(() -> SCTransform.Params.builder().bwAdjust(0).build())
        .hasMessage("bwAdjust must be positive, got 0.0");
    assertThatThrownBy(() -> SCTransform.Params.builder().clip(-1.0).build())
        .hasMessage("clip must be positive, got -1.0");
    assertThatThrownBy(() -> SCTransform.Params.builder().resClipRange(0.0).build())
        .hasMessage("resClipRange must be positive, got 0.0");
    assertThatThrownBy(() -> SCTransform.Params.builder().nTopGenes(0).build())
        .hasMessage("nTopGenes must be positive, got 0");
  }
}
