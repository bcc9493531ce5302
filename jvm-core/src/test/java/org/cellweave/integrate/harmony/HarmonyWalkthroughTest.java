package org.cellweave.integrate.harmony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.random.RRandom;
import org.junit.jupiter.api.Test;

/**
 * The tables that Harmony's own walkthrough prints for three samples of two cell lines (R, harmony
 * 2.0.0, set.seed(1), 5 clusters, theta 1), and the numbers behind them.
 */
class HarmonyWalkthroughTest {
  private static final String PCS = "data/harmony/cell_lines_pcs.csv.gz";
  private static final String META = "data/harmony/cell_lines_meta.csv.gz";

  private static HarmonyModel model(int nClusters) {
    return Harmony.model(
        HarmonyData.numbers(PCS, 0),
        List.of(HarmonyData.labels(META, "dataset")),
        Harmony.Params.builder()
            .rng(Harmony.Rng.R_COMPAT_2_0_0)
            .seed(1)
            .theta(1)
            .nClusters(nClusters)
            .objectiveParts(true)
            .build());
  }

  private static long[][] rounded(DenseMatrix m, double scale) {
    long[][] out = new long[m.nRows()][m.nCols()];
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < m.nCols(); j++) {
        out[i][j] = Math.round(m.get(i, j) * scale);
      }
    }
    return out;
  }

  private static void close(DenseMatrix m, double[] expected, double tolerance) {
    assertThat(expected).hasSize(m.nRows() * m.nCols());
    for (int i = 0; i < m.nRows(); i++) {
      for (int j = 0; j < m.nCols(); j++) {
        assertThat(m.get(i, j)).isCloseTo(expected[i * m.nCols() + j], within(tolerance));
      }
    }
  }

  @Test
  void startDrawsTheCellsThatRDraws() {
    var points = HarmonyData.numbers(PCS, 0);
    int n = points.nRows();
    var layout = Layout.natural(new int[n]);
    try (FloatPointer cos = NativeMemory.floats((long) n * points.nCols())) {
      assertThat(Directions.fill(points, layout, cos)).isZero();
      var start = new RStart(cos, n, points.nCols(), 5);
      start.run(new RRandom(1), true);
      assertThat(start.probes).containsExactly(629, 882, 1358, 2152, 478);
      assertThat(start.chosen).containsExactly(983, 213, 1915, 294, 1593);
    }
  }

  @Test
  void firstClustersAreThoseOfTheWalkthrough() {
    try (var model = model(5)) {
      assertThat(rounded(model.getO(), 1))
          .isDeepEqualTo(
              new long[][] {{3, 793, 0}, {162, 0, 302}, {234, 27, 0}, {203, 4, 0}, {244, 0, 398}});
      assertThat(rounded(model.getE(), 1))
          .isDeepEqualTo(
              new long[][] {
                {284, 277, 235}, {166, 161, 137}, {93, 91, 77}, {74, 72, 61}, {229, 223, 189}
              });
      assertThat(rounded(types(model), 1))
          .isDeepEqualTo(new long[][] {{796, 0}, {2, 462}, {262, 0}, {207, 0}, {0, 642}});
      close(model.getO(), HarmonyData.fixture("init", "O"), 1e-3);
      close(model.getE(), HarmonyData.fixture("init", "E"), 1e-3);
      var objective = model.getRounds().get(0);
      assertThat(objective.total()).isCloseTo(743.11699, within(743 * 1e-4));
      assertThat(objective.distance()).isCloseTo(692.48346, within(0.01));
      assertThat(objective.entropy()).isCloseTo(-40.89563, within(0.01));
      assertThat(objective.diversity()).isCloseTo(91.52917, within(0.01));
      assertThat(model.getLevels()).containsExactly("half", "jurkat", "t293");
    }
  }

  private static DenseMatrix types(HarmonyModel model) {
    return model.countsBy(HarmonyData.labels(META, "cell_type").codes(), 2);
  }

  @Test
  void oneCorrectionEqualsTheRegressionWrittenOut() {
    try (var model = model(5)) {
      model.correct();
      double[] expected = HarmonyData.fixture("correct_from_init", "Z_corr");
      close(model.getZCorr().transpose(), expected, 1e-6);
      close(model.getY().transpose(), HarmonyData.fixture("correct_from_init", "Y"), 2e-5);
    }
  }

  @Test
  void tablesAfterClusteringAreThoseOfTheWalkthrough() {
    try (var model = model(5)) {
      assertThat(model.getMaxIterClustering()).isEqualTo(4);
      model.setMaxIterClustering(10);
      assertThat(model.cluster()).isEqualTo(5);
      assertThat(rounded(model.getO(), 1))
          .isDeepEqualTo(
              new long[][] {{5, 775, 0}, {163, 0, 301}, {237, 40, 0}, {198, 9, 0}, {243, 0, 399}});
      var types = types(model);
      assertThat(rounded(types, 1))
          .isDeepEqualTo(new long[][] {{780, 0}, {2, 462}, {277, 0}, {207, 0}, {0, 642}});
      double[] minority = {0, 0.390, 0, 0.001, 0.008};
      for (int k = 0; k < 5; k++) {
        double less = Math.min(types.get(k, 0), types.get(k, 1));
        assertThat(100 * less / (types.get(k, 0) + types.get(k, 1)))
            .isCloseTo(minority[k], within(0.002));
      }
      var o = model.getO();
      var e = model.getE();
      var printed = DenseMatrix.zeros(5, 3, o.dtype());
      for (int k = 0; k < 5; k++) {
        for (int b = 0; b < 3; b++) {
          printed.set(k, b, (e.get(k, b) + 1) / (o.get(k, b) + e.get(k, b) + 1));
        }
      }
      assertThat(rounded(printed, 100))
          .isDeepEqualTo(
              new long[][] {
                {98, 26, 100}, {51, 100, 31}, {30, 71, 100}, {27, 89, 100}, {49, 100, 32}
              });
      double[] trace = HarmonyData.fixture("after_cluster_max10", "objective_trace");
      for (int r = 0; r < trace.length; r++) {
        assertThat(model.getRounds().get(r).total()).isCloseTo(trace[r], within(0.01));
      }
      model.correct();
      close(
          model.getZCorr().transpose(),
          HarmonyData.fixture("after_cluster_and_correct", "Z_corr"),
          1e-6);
    }
  }

  @Test
  void fiftyClustersTakeTheObjectiveOfTheWalkthroughsLoop() {
    try (var model = model(50)) {
      double first = model.getObjective()[0];
      for (int i = 0; i < 5; i++) {
        model.harmonize(1);
      }
      double[] trace = model.getObjective();
      assertThat(trace).hasSize(6);
      assertThat(first).isCloseTo(288.76, within(288.76 * 0.02));
      assertThat(trace[5]).isCloseTo(208.54, within(208.54 * 0.02));
    }
  }
}
