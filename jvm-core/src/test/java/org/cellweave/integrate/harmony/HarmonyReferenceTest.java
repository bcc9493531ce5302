package org.cellweave.integrate.harmony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.SharedData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Results of R's harmony 2.0.4 and 1.x on the same components. */
class HarmonyReferenceTest {
  private static final String PBMC = "data/harmony/pbmc_3500_";
  private static final String KANG = "reference/r/harmony_kang";

  private static Harmony.Result pbmc(Harmony.Params params) {
    return Harmony.run(
        HarmonyData.numbers(PBMC + "pcs.tsv.gz", 0),
        List.of(HarmonyData.labels(PBMC + "meta.tsv.gz", "donor")),
        params);
  }

  /** The whole class rests on real cells and on what R's program, under the GPL, made of them. */
  @BeforeAll
  static void needsRealCells() {
    SharedData.require(KANG + ".csv.gz");
  }

  @Test
  void harmony2OnPbmcOfThreeDonors() {
    var theirs = HarmonyData.numbers(PBMC + "pcs_harmony2_emulated_seed1.tsv.gz", 0);
    for (long seed = 0; seed < 3; seed++) {
      var ours = pbmc(Harmony.Params.builder().seed(seed).build());
      assertThat(HarmonyData.worstCorrelation(ours.corrected(), theirs)).isGreaterThan(0.995);
      assertThat(ours.converged()).isTrue();
    }
  }

  @Test
  void harmony1OnPbmcOfThreeDonors() {
    var theirs = HarmonyData.numbers(PBMC + "pcs_harmonized.tsv.gz", 0);
    var ours = pbmc(Harmony.Params.builder().flavor(Harmony.Flavor.HARMONY1).build());
    assertThat(HarmonyData.worstCorrelation(ours.corrected(), theirs)).isGreaterThan(0.99);
    assertThat(HarmonyData.relativeDistance(ours.corrected(), theirs)).isLessThan(0.05);
  }

  private record Kang(DenseMatrix points, Categories batch, Categories half) {
    static Kang read() {
      try (var file = H5Reference.kang()) {
        int[] codes = file.codes("obs/batch");
        int[] half = new int[codes.length];
        for (int i = 0; i < half.length; i++) {
          half[i] = i % 2;
        }
        return new Kang(
            file.dense("obsm/X_pca"), Categories.of("batch", codes), Categories.of("half", half));
      }
    }
  }

  @Test
  void rsOwnRandomNumbersGiveRsResult() {
    var kang = Kang.read();
    var ours =
        Harmony.run(
            kang.points,
            List.of(kang.batch),
            Harmony.Params.builder().rng(Harmony.Rng.R_COMPAT).seed(1).build());
    var theirs = HarmonyData.numbers(KANG + ".csv.gz", 1);
    assertThat(HarmonyData.worstCorrelation(ours.corrected(), theirs)).isGreaterThan(0.9995);
    var trace = HarmonyData.numbers(KANG + "_objective.csv.gz", 1);
    assertThat(ours.objective()).hasSize(trace.nRows());
    for (int i = 0; i < trace.nRows(); i++) {
      assertThat(ours.objective()[i]).isCloseTo(trace.get(i, 0), within(0.005 * trace.get(i, 0)));
    }
  }

  @Test
  void twoCovariatesWithRsRandomNumbers() {
    var kang = Kang.read();
    var ours =
        Harmony.run(
            kang.points,
            List.of(kang.batch, kang.half),
            Harmony.Params.builder().rng(Harmony.Rng.R_COMPAT).seed(1).theta(2, 1).build());
    var theirs = HarmonyData.numbers(KANG + "_two_covariates.csv.gz", 1);
    assertThat(HarmonyData.worstCorrelation(ours.corrected(), theirs)).isGreaterThan(0.9995);
  }

  /**
   * R's seeds 1 to 10 differ among themselves by 0.9989 to 0.9998 in the worst of ten components.
   */
  @Test
  void ownRandomNumbersStayWithinRsSpreadOverSeeds() {
    var kang = Kang.read();
    for (long seed = 0; seed < 3; seed++) {
      var ours =
          Harmony.run(
              kang.points, List.of(kang.batch), Harmony.Params.builder().seed(seed).build());
      for (String file : List.of("_seed2", "_seed3", "_seed4")) {
        var theirs = HarmonyData.numbers(KANG + file + ".csv.gz", 1);
        assertThat(HarmonyData.worstCorrelation(ours.corrected(), theirs)).isGreaterThan(0.9985);
      }
    }
  }

  @Test
  void twoCovariatesOfTheToyDataAgreeWithR() {
    String path = "data/harmony/harmonypy_toy_2cov.tsv.gz";
    var points = HarmonyData.numbers(path, 3);
    var covariates = List.of(HarmonyData.labels(path, "lab"), HarmonyData.labels(path, "day"));
    var type = HarmonyData.labels(path, "cell_type");
    double[][] expected = {{0.05, 0.016274839, 0.061817651}, {0.15, 0.016276269, 1.092115597}};
    for (double[] row : expected) {
      var result =
          Harmony.run(
              points,
              covariates,
              Harmony.Params.builder()
                  .rng(Harmony.Rng.R_COMPAT)
                  .seed(1)
                  .theta(0, 0)
                  .lambda(1, 1)
                  .nClusters(2)
                  .batchPropCutoff(row[0])
                  .build());
      var out = result.corrected();
      assertThat(gap(out, covariates.get(0), type, 0)).isCloseTo(row[1], within(5e-5));
      assertThat(gap(out, covariates.get(0), type, 1)).isCloseTo(row[2], within(5e-5));
      assertThat(out.get(0, 0)).isCloseTo(6.4675002, within(5e-5));
      assertThat(out.get(0, 1)).isCloseTo(0.8290547, within(5e-5));
    }
  }

  private static double gap(DenseMatrix points, Categories lab, Categories type, int which) {
    double[][] sums = new double[2][3];
    for (int i = 0; i < points.nRows(); i++) {
      if (type.codes()[i] == which) {
        double[] s = sums[lab.codes()[i]];
        s[0] += points.get(i, 0);
        s[1] += points.get(i, 1);
        s[2]++;
      }
    }
    return Math.hypot(
        sums[0][0] / sums[0][2] - sums[1][0] / sums[1][2],
        sums[0][1] / sums[0][2] - sums[1][1] / sums[1][2]);
  }
}
