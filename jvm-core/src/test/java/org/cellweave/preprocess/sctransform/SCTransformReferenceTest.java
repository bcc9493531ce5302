package org.cellweave.preprocess.sctransform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.SharedData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Against {@code tools/reference/sctransform.py}: likelihoods maximised by statsmodels and scipy,
 * kernel regression over all pairs, everything dense.
 */
class SCTransformReferenceTest {
  private static final String FILE =
      "jvm-core/src/test/resources/reference/sctransform/simulated.h5";

  /** What the reference's searches leave open. */
  private static final double CLOSE = 1e-4;

  private static SCTransform.Result run(H5Reference file, SCTransform.Flavor flavor) {
    var params =
        SCTransform.Params.builder()
            .flavor(flavor)
            .nCells(1_000_000)
            .nGenes(1_000_000)
            .returnOnlyVarGenes(false)
            .build();
    return SCTransform.run(file.dense("counts").toCsr(), params);
  }

  private static Offset<Double> near(double value) {
    return within(CLOSE * Math.max(1, Math.abs(value)));
  }

  @ParameterizedTest
  @EnumSource(SCTransform.Flavor.class)
  void agreesWithTheDefinition(SCTransform.Flavor flavor) {
    String at = flavor.name().toLowerCase(java.util.Locale.ROOT) + "/";
    Path path = SharedData.projectRoot().resolve(FILE);
    try (var file = H5Reference.of(path)) {
      var result = run(file, flavor);
      GeneModels models = result.models().get(0);
      firstStep(file, at, models);
      curve(file, at, models, result);
      made(file, at, result);
    }
  }

  private static void firstStep(H5Reference file, String at, GeneModels models) {
    GeneModels.FirstStep first = models.first();
    DenseMatrix fits = file.dense(at + "step1");
    assertThat(first.genes()).isEqualTo(file.ints(at + "first"));
    assertThat(first.genes().length).isGreaterThan(150);
    for (int k = 0; k < first.genes().length; k++) {
      assertThat(first.theta()[k] / fits.get(k, 0)).as("theta %d", k).isCloseTo(1, near(1));
      assertThat(first.intercept()[0][k]).isCloseTo(fits.get(k, 1), near(fits.get(k, 1)));
      assertThat(first.slope()[0][k]).isCloseTo(fits.get(k, 2), near(fits.get(k, 2)));
    }
    boolean[] outlier = first.outlier();
    double[] expected = file.doubles(at + "outlier");
    for (int k = 0; k < outlier.length; k++) {
      assertThat(outlier[k]).isEqualTo(expected[k] != 0);
    }
  }

  private static void curve(
      H5Reference file, String at, GeneModels models, SCTransform.Result result) {
    assertThat(models.bandwidth())
        .isCloseTo(file.doubles(at + "bandwidth")[0], within(CLOSE * models.bandwidth()));
    int[] genes = file.ints(at + "genes");
    assertThat(result.genes()).isEqualTo(genes);
    double[] theta = file.doubles(at + "theta");
    double[] intercept = file.doubles(at + "intercept");
    double[] slope = file.doubles(at + "slope");
    double[] variance = file.doubles(at + "variance");
    for (int k = 0; k < genes.length; k++) {
      int g = genes[k];
      double own = Double.isInfinite(models.theta()[g]) ? 1e300 : models.theta()[g];
      assertThat(own / theta[k]).as("theta of %d", g).isCloseTo(1, near(1));
      assertThat(models.intercept()[0][g]).isCloseTo(intercept[k], near(intercept[k]));
      assertThat(models.slope()[0][g]).isCloseTo(slope[k], near(slope[k]));
      assertThat(result.residualVariance()[g]).isCloseTo(variance[k], near(variance[k]));
    }
  }

  private static void made(H5Reference file, String at, SCTransform.Result result) {
    DenseMatrix residuals = file.dense(at + "residuals");
    DenseMatrix corrected = file.dense(at + "corrected");
    CsrMatrix own = result.corrected();
    int differ = 0;
    for (int i = 0; i < residuals.nRows(); i++) {
      for (int c = 0; c < residuals.nCols(); c++) {
        double r = residuals.get(i, c);
        assertThat(result.residuals().get(i, c)).isCloseTo(r, near(r));
        differ += own.get(i, result.genes()[c]) != corrected.get(i, c) ? 1 : 0;
      }
    }
    // rounding ties
    assertThat(differ).isLessThanOrEqualTo(2);
  }
}
