package org.cellweave.integrate.harmony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class HarmonyTest {
  private static Harmony.Params.Builder params() {
    return Harmony.Params.builder();
  }

  private static Harmony.Result run(HarmonyData.Simulated data, Harmony.Params.Builder params) {
    return Harmony.run(data.points(), List.of(data.batch()), params.build());
  }

  @Test
  void oneClusterIsOneRidgeRegression() {
    double[][] rows = {{1}, {2}, {3}, {7}, {8}, {9}};
    var result =
        Harmony.run(
            DenseMatrix.ofRows(rows),
            List.of(Categories.of("batch", new int[] {0, 0, 0, 1, 1, 1})),
            params().nClusters(1).lambda(1).maxIterHarmony(1).build());
    // batch sums 6 and 24, 3 cells each: intercept 5, effects (6 - 15) / 4 and (24 - 15) / 4
    for (int i = 0; i < 6; i++) {
      double effect = i < 3 ? -2.25 : 2.25;
      assertThat(result.corrected().get(i, 0)).isCloseTo(rows[i][0] - effect, within(1e-6));
    }
    assertThat(result.weights().get(0).column(0))
        .usingComparatorWithPrecision(1e-6)
        .containsExactly(5, -2.25, 2.25);
    assertThat(result.iterations()).isEqualTo(1);
  }

  @Test
  void batchesMixAndTypesStayApart() {
    Seeds.forEach(
        20,
        seed -> {
          var data = HarmonyData.simulated(400, 6, 4, 3, 1.5, seed);
          var result = run(data, params().seed(seed));
          assertThat(spread(result.corrected(), data.batch(), data.type()))
              .isLessThan(0.5 * spread(data.points(), data.batch(), data.type()));
          assertThat(spread(result.corrected(), data.type(), null)).isGreaterThan(4);
        });
  }

  /** Mean squared distance of group means from their common mean, within the classes of another. */
  private static double spread(DenseMatrix points, Categories groups, Categories within) {
    int nGroups = groups.levels().length;
    int classes = within == null ? 1 : within.levels().length;
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      double[][] means = new double[nGroups + 1][points.nCols()];
      double[] sizes = new double[nGroups + 1];
      for (int i = 0; i < points.nRows(); i++) {
        if (within == null || within.codes()[i] == c) {
          for (int g : new int[] {groups.codes()[i], nGroups}) {
            sizes[g]++;
            for (int j = 0; j < points.nCols(); j++) {
              means[g][j] += points.get(i, j);
            }
          }
        }
      }
      for (int g = 0; g < nGroups; g++) {
        for (int j = 0; j < points.nCols(); j++) {
          sum += Math.pow(means[g][j] / sizes[g] - means[nGroups][j] / sizes[nGroups], 2);
        }
      }
    }
    return sum / (classes * nGroups);
  }

  @Test
  void sharesSumToOneAndCountsAreTheirSums() {
    Seeds.forEach(
        20,
        seed -> {
          var data = HarmonyData.simulated(300, 5, 4, 3, 1.5, seed);
          var flavor = seed % 2 == 0 ? Harmony.Flavor.HARMONY1 : Harmony.Flavor.HARMONY2;
          try (var model =
              Harmony.model(
                  data.points(),
                  List.of(data.batch(), data.type()),
                  params().flavor(flavor).seed(seed).objectiveParts(true).build())) {
            model.harmonize(2);
            var shares = model.getR();
            for (double sum : shares.rowSums()) {
              assertThat(sum).isCloseTo(1, within(1e-5));
            }
            var o = model.getO();
            var e = model.getE();
            var byBatch = model.countsBy(data.batch().codes(), 3);
            for (int k = 0; k < model.getNClusters(); k++) {
              for (int b = 0; b < 3; b++) {
                assertThat(o.get(k, b)).isCloseTo(byBatch.get(k, b), within(1e-3));
              }
              assertThat(e.get(k, 0) + e.get(k, 1) + e.get(k, 2))
                  .isCloseTo(o.get(k, 0) + o.get(k, 1) + o.get(k, 2), within(1e-6));
            }
            parts(model, shares);
          }
        });
  }

  /** The objective's parts, summed over cells and clusters from the tables. */
  private static void parts(HarmonyModel model, DenseMatrix shares) {
    try (model) {
      model.cluster();
      var last = model.getRounds().get(model.getRounds().size() - 1);
      shares = model.getR();
      var cos = model.getZCos();
      var y = model.getY();
      double distance = 0;
      double entropy = 0;
      for (int i = 0; i < shares.nRows(); i++) {
        for (int k = 0; k < y.nRows(); k++) {
          double r = shares.get(i, k);
          double dot = 0;
          for (int c = 0; c < y.nCols(); c++) {
            dot += cos.get(i, c) * y.get(k, c);
          }
          distance += r * 2 * (1 - dot);
          entropy += r > 0 ? 0.1 * r * Math.log(r) : 0;
        }
      }
      double scale = 2000.0 / shares.nRows();
      assertThat(last.distance()).isCloseTo(scale * distance, within(0.02));
      assertThat(last.entropy()).isCloseTo(scale * entropy, within(0.02));
      assertThat(last.total())
          .isCloseTo(last.distance() + last.entropy() + last.diversity(), within(1e-6));
    }
  }

  @Test
  void moreThetaMixesMore() {
    var data = HarmonyData.simulated(500, 6, 4, 3, 2, 7);
    double before = Double.POSITIVE_INFINITY;
    for (double theta : new double[] {0, 1, 2, 4}) {
      try (var model =
          Harmony.model(
              data.points(), List.of(data.batch()), params().nClusters(20).theta(theta).build())) {
        model.cluster();
        double chi2 = chi2(model);
        assertThat(chi2).as("theta %s", theta).isLessThan(before);
        before = chi2;
      }
    }
  }

  private static double chi2(HarmonyModel model) {
    var o = model.getO();
    var e = model.getE();
    double sum = 0;
    for (int k = 0; k < o.nRows(); k++) {
      for (int b = 0; b < o.nCols(); b++) {
        sum += e.get(k, b) > 0 ? Math.pow(o.get(k, b) - e.get(k, b), 2) / e.get(k, b) : 0;
      }
    }
    return sum;
  }

  @Test
  void theSameBitsForAnyNumberOfThreads() {
    var data = HarmonyData.simulated(30_000, 12, 6, 4, 1.5, 3);
    for (var flavor : Harmony.Flavor.values()) {
      var p = params().flavor(flavor).nClusters(20).maxIterHarmony(2).seed(5).build();
      var covariates = List.of(data.batch(), data.type());
      var one = Seeds.withThreads(1, () -> Harmony.run(data.points(), covariates, p));
      for (int threads : new int[] {2, 7}) {
        var more = Seeds.withThreads(threads, () -> Harmony.run(data.points(), covariates, p));
        assertThat(more.corrected().floatData()).isEqualTo(one.corrected().floatData());
        assertThat(more.objective()).isEqualTo(one.objective());
      }
    }
  }

  @Test
  void anotherSeedGivesAnotherResult() {
    var data = HarmonyData.simulated(300, 5, 4, 3, 1.5, 1);
    assertThat(run(data, params().seed(1)).corrected().floatData())
        .isNotEqualTo(run(data, params().seed(2)).corrected().floatData());
  }

  @Test
  void unusedLevelsDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          var data = HarmonyData.simulated(200, 4, 3, 2, 1.5, seed);
          int[] apart = Arrays.stream(data.batch().codes()).map(c -> 1 + 2 * c).toArray();
          var covariate = new Categories("b", apart, new String[] {"a", "b", "c", "d", "e"});
          var theta = params().theta(0, 2, 0, 2, 0);
          var other = Harmony.run(data.points(), List.of(covariate), theta.build());
          assertThat(other.corrected().floatData())
              .isEqualTo(run(data, params()).corrected().floatData());
        });
  }

  @Test
  void aSingleLevelIsLeftOutWithAWarning() {
    var data = HarmonyData.simulated(100, 4, 3, 2, 1, 1);
    var alone = Categories.of("lane", new int[100]);
    var result = Harmony.run(data.points(), List.of(alone), params().build());
    assertThat(result.warnings())
        .containsExactly("lane has a single level; there is nothing to integrate over");
    assertThat(HarmonyData.relativeDistance(result.corrected(), data.points())).isLessThan(1e-7);
    var both = Harmony.run(data.points(), List.of(data.batch(), alone), params().build());
    assertThat(both.corrected().floatData()).isEqualTo(run(data, params()).corrected().floatData());
  }

  @Test
  void cellsOfLengthZeroAreReportedAndStayFinite() {
    var data = HarmonyData.simulated(100, 4, 3, 2, 1, 1);
    var points = data.points().copy();
    points.setRow(7, new double[4]);
    var result = Harmony.run(points, List.of(data.batch()), params().build());
    assertThat(result.warnings().get(0)).startsWith("1 cells have only zeros");
    assertThat(result.corrected().floatData()).doesNotContain(Float.NaN);
  }

  @Test
  void steepPenaltiesAndNarrowClustersStayFinite() {
    var data = HarmonyData.simulated(300, 5, 4, 3, 1.5, 1);
    for (var p :
        List.of(
            params().theta(1e6),
            params().sigma(1e-3),
            params().sigma(0.06),
            params().sigma(5),
            params().blockSize(1),
            params().theta(1e6).penalty(Harmony.Penalty.PRODUCT),
            params().flavor(Harmony.Flavor.HARMONY1).theta(50))) {
      var result = Harmony.run(data.points(), List.of(data.batch(), data.type()), p.build());
      for (float v : result.corrected().floatData()) {
        assertThat(Float.isFinite(v)).isTrue();
      }
      assertThat(result.objective()).doesNotContain(Double.NaN);
    }
  }

  @Test
  void theObjectiveOfNarrowClustersIsThatOfItsParts() {
    var data = HarmonyData.simulated(300, 5, 4, 3, 1.5, 1);
    try (var model =
        Harmony.model(
            data.points(),
            List.of(data.batch()),
            params().sigma(0.02).objectiveParts(true).build())) {
      model.cluster();
      var shares = model.getR();
      double entropy = 0;
      for (float r : shares.floatData()) {
        entropy += r > 0 ? 0.02 * r * Math.log(r) : 0;
      }
      var last = model.getRounds().get(model.getRounds().size() - 1);
      assertThat(last.entropy()).isCloseTo(entropy * 2000 / 300, within(0.02));
    }
  }

  @Test
  void smallLambdaDoesNoHarm() {
    var data = HarmonyData.simulated(2000, 5, 4, 3, 1.5, 2);
    try (var model =
        Harmony.model(
            data.points(), List.of(data.batch()), params().nClusters(10).lambda(1e-3).build())) {
      model.correct();
      var shares = model.getR();
      double worst = 0;
      for (int k = 0; k < 10; k++) {
        double[][] exact = exactRidge(data, shares.column(k), 1e-3);
        for (int r = 0; r < 4; r++) {
          for (int c = 0; c < 5; c++) {
            worst = Math.max(worst, Math.abs(exact[r][c] - model.getW(k).get(r, c)));
          }
        }
      }
      assertThat(worst).isLessThan(2e-4);
    }
  }

  /** Normal equations of intercept and levels, solved by elimination with pivots. */
  private static double[][] exactRidge(HarmonyData.Simulated data, double[] share, double lambda) {
    int levels = data.batch().levels().length;
    int d = data.points().nCols();
    double[][] a = new double[levels + 1][levels + 1 + d];
    for (int i = 0; i < share.length; i++) {
      int b = data.batch().codes()[i] + 1;
      for (int r : new int[] {0, b}) {
        a[r][0] += share[i];
        a[r][b] += share[i];
        for (int c = 0; c < d; c++) {
          a[r][levels + 1 + c] += share[i] * data.points().get(i, c);
        }
      }
    }
    for (int r = 1; r <= levels; r++) {
      a[r][r] += lambda;
    }
    for (int p = 0; p <= levels; p++) {
      int best = p;
      for (int r = p; r <= levels; r++) {
        best = Math.abs(a[r][p]) > Math.abs(a[best][p]) ? r : best;
      }
      double[] swap = a[p];
      a[p] = a[best];
      a[best] = swap;
      for (int r = 0; r <= levels; r++) {
        double f = r == p ? 0 : a[r][p] / a[p][p];
        for (int c = p; f != 0 && c < a[r].length; c++) {
          a[r][c] -= f * a[p][c];
        }
      }
    }
    double[][] out = new double[levels + 1][d];
    for (int r = 0; r <= levels; r++) {
      for (int c = 0; c < d; c++) {
        out[r][c] = a[r][levels + 1 + c] / a[r][r];
      }
    }
    return out;
  }

  @Test
  void severalCovariatesSolveTheNormalEquations() {
    Seeds.forEach(
        20,
        seed -> {
          var data = HarmonyData.simulated(400, 3, 3, 5, 1.5, seed);
          int[] third = new int[400];
          Arrays.setAll(third, i -> (i / 7) % 4);
          var covariates = List.of(data.batch(), data.type(), Categories.of("c", third));
          try (var model =
              Harmony.model(
                  data.points(), covariates, params().nClusters(4).lambda(0.5, 1, 2).build())) {
            model.correct();
            normalEquations(model, data.points(), covariates);
          }
        });
  }

  private static void normalEquations(
      HarmonyModel model, DenseMatrix points, List<Categories> covariates) {
    var shares = model.getR();
    var lambda = model.getLambda();
    var o = model.getO();
    for (int k = 0; k < model.getNClusters(); k++) {
      var w = model.getW(k);
      boolean pruned = false;
      for (int b = 0; b < o.nCols(); b++) {
        pruned |= o.get(k, b) < 1e-2;
      }
      if (pruned) {
        continue;
      }
      double[][] gradient = new double[w.nRows()][points.nCols()];
      for (int i = 0; i < points.nRows(); i++) {
        var rows = new ArrayList<>(List.of(0));
        int first = 1;
        for (var c : covariates) {
          rows.add(first + c.codes()[i]);
          first += c.levels().length;
        }
        for (int c = 0; c < points.nCols(); c++) {
          double rest = points.get(i, c);
          for (int r : rows) {
            rest -= w.get(r, c);
          }
          for (int r : rows) {
            gradient[r][c] += shares.get(i, k) * rest;
          }
        }
      }
      for (int r = 0; r < w.nRows(); r++) {
        for (int c = 0; c < points.nCols(); c++) {
          double g = gradient[r][c] - lambda.get(k, r) * w.get(r, c);
          assertThat(g).isCloseTo(0, within(2e-3));
        }
      }
    }
  }

  @Test
  void aReferenceTakesItsOwnCellsToTheirPlaces() {
    var data = HarmonyData.simulated(800, 6, 4, 3, 1.5, 4);
    try (var model = Harmony.model(data.points(), List.of(data.batch()), params().build())) {
      model.harmonize(5);
      var again = model.applyTo(data.points(), List.of(data.batch()));
      assertThat(HarmonyData.worstCorrelation(again, model.getZCorr())).isGreaterThan(0.999);
      var mapping = IntegrationInput.of("query", data.points(), data.batch());
      assertThat(model.map(mapping, Progress.NONE).x().floatData()).isEqualTo(again.floatData());
      // batch 2 under a name the reference does not know
      int[] renamed = Arrays.stream(data.batch().codes()).map(c -> c == 2 ? 3 : c).toArray();
      var mapped = model.applyTo(data.points(), List.of(Categories.of("batch", renamed)));
      assertThat(spread(mapped, data.batch(), data.type()))
          .isLessThan(0.5 * spread(data.points(), data.batch(), data.type()));
    }
  }

  @Test
  void progressIsReportedOncePerIteration() {
    var data = HarmonyData.simulated(200, 4, 3, 2, 1.5, 1);
    var seen = new ArrayList<String>();
    Harmony.run(
        data.points(),
        List.of(data.batch()),
        params().maxIterHarmony(3).tolHarmony(0.0).build(),
        (stage, step, total, objective) -> seen.add(stage + step + "/" + total));
    assertThat(seen).containsExactly("harmony1/3", "harmony2/3", "harmony3/3");
  }

  @Test
  void fewCellsTakeLargerBlocksAndSaySo() {
    var data = HarmonyData.simulated(30, 3, 2, 2, 1, 1);
    assertThat(run(data, params()).warnings())
        .containsExactly("blockSize is 0.2 because there are fewer than 40 cells");
  }
}
