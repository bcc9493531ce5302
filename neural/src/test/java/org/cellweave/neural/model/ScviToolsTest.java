package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.CellData.Covariates;
import org.cellweave.neural.data.MatrixRows;
import org.cellweave.neural.files.Json;
import org.cellweave.neural.model.DifferentialExpression.Comparison;
import org.cellweave.neural.model.DifferentialExpression.Mode;
import org.cellweave.testing.SharedData;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/**
 * Models that scvi-tools trained, loaded from files that its weights were written to, are asked
 * what scvi-tools was asked. Where nothing is drawn answers agree to float32; elsewhere means over
 * draws agree within five of their standard errors, both sides drawing for themselves.
 */
class ScviToolsTest {
  private static final Path FOLDER =
      SharedData.projectRoot().resolve("jvm-core/src/test/resources/reference/neural/models");

  private static final Map<?, ?> ABOUT = json(FOLDER.resolve("cells.json"));
  private static final CellData CELLS = cells();

  private static Map<?, ?> json(Path path) {
    try {
      return (Map<?, ?>) Json.read(Files.readString(path));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static CellData cells() {
    double[][] counts = rows(ABOUT.get("counts"));
    String[] genes = new String[counts[0].length];
    Arrays.setAll(genes, g -> "g" + g);
    return new CellData(
        new MatrixRows(DenseMatrix.ofRows(counts), genes),
        new Covariates("X", categories("batch"), categories("label"), List.of(), List.of(), null));
  }

  private static Categories categories(String key) {
    List<?> of = (List<?>) ABOUT.get(key);
    String[] levels =
        of.stream().map(String.class::cast).distinct().sorted().toArray(String[]::new);
    int[] codes = of.stream().mapToInt(v -> Arrays.asList(levels).indexOf(v)).toArray();
    return new Categories(key, codes, levels);
  }

  private static double[][] rows(Object of) {
    return ((List<?>) of).stream().map(ScviToolsTest::row).toArray(double[][]::new);
  }

  private static double[] row(Object of) {
    return ((List<?>) of).stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
  }

  /** A model and what scvi-tools answers. */
  private record Asked(CountModel model, Map<?, ?> answers) {
    static Asked of(String name) {
      Path folder = FOLDER.resolve(name);
      return new Asked(ModelFile.load(folder), json(folder.resolve("answers.json")));
    }

    double[][] table(String name) {
      return rows(answers.get(name));
    }

    Object part(String name, String part) {
      return ((Map<?, ?>) answers.get(name)).get(part);
    }
  }

  private static final List<Asked> SCVI = List.of(Asked.of("zinb"), Asked.of("nb_library"));

  private static void same(DenseMatrix ours, double[][] theirs, double relative) {
    assertThat(ours.nRows()).isEqualTo(theirs.length);
    for (int i = 0; i < theirs.length; i++) {
      for (int j = 0; j < theirs[i].length; j++) {
        assertThat(ours.get(i, j))
            .as("[%d, %d]", i, j)
            .isCloseTo(theirs[i][j], within(relative * (1e-2 + Math.abs(theirs[i][j]))));
      }
    }
  }

  /** Mean of the squares of differences in units of their standard errors: 1, but for chance. */
  private static double deviation(
      double[] ours, double[] ourError, double[] theirs, double[] error) {
    double sum = 0;
    for (int i = 0; i < ours.length; i++) {
      double scale = ourError[i] * ourError[i] + error[i] * error[i];
      sum += Math.pow(ours[i] - theirs[i], 2) / Math.max(scale, 1e-12);
    }
    return sum / ours.length;
  }

  /** Values by draw: means and their standard errors. */
  private static double[][] over(List<double[]> draws) {
    int n = draws.size();
    double[] mean = new double[draws.get(0).length];
    double[] error = new double[mean.length];
    for (double[] draw : draws) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += draw[i] / n;
      }
    }
    for (double[] draw : draws) {
      for (int i = 0; i < mean.length; i++) {
        error[i] += Math.pow(draw[i] - mean[i], 2) / n / n;
      }
    }
    return new double[][] {mean, Arrays.stream(error).map(Math::sqrt).toArray()};
  }

  @Test
  void placesAndTotalsAgree() {
    for (Asked asked : SCVI) {
      var of = asked.model.latentDistribution(CELLS);
      same(of.mean(), asked.table("latent_mean"), 1e-4);
      same(of.variance(), asked.table("latent_variance"), 1e-4);
    }
    Asked inferred = SCVI.get(1);
    double[] totals = inferred.model.latentLibrarySize(CELLS, true, 0);
    double[] theirs = row(inferred.answers.get("library"));
    for (int i = 0; i < totals.length; i++) {
      assertThat(totals[i]).isCloseTo(theirs[i], within(1e-4 * theirs[i]));
    }
  }

  @Test
  void boundsAndLikelihoodsAgree() {
    for (String name : List.of("zinb", "nb_library", "linear", "scanvi")) {
      Asked asked = Asked.of(name);
      List<double[]> elbo = new ArrayList<>();
      List<double[]> reconstruction = new ArrayList<>();
      for (int draw = 0; draw < 400; draw++) {
        var bound = asked.model.evidenceBound(CELLS, draw);
        elbo.add(bound.elbo());
        reconstruction.add(bound.reconstruction());
      }
      agree(name + " elbo", asked, "elbo", elbo);
      if (asked.answers.containsKey("reconstruction")) {
        agree(name + " reconstruction", asked, "reconstruction", reconstruction);
      }
    }
  }

  private static void agree(String what, Asked asked, String key, List<double[]> draws) {
    double[][] ours = over(draws);
    double[] theirs = row(asked.part(key, "mean"));
    double[] error = row(asked.part(key, "error"));
    assertThat(deviation(ours[0], ours[1], theirs, error)).as(what).isBetween(0.5, 1.6);
    double all = Example.mean(theirs);
    assertThat(Example.mean(ours[0])).as(what).isCloseTo(all, within(2e-3 * Math.abs(all)));
  }

  @Test
  void marginalLikelihoodsAgree() {
    for (Asked asked : SCVI) {
      List<double[]> draws = new ArrayList<>();
      for (int seed = 0; seed < 10; seed++) {
        var with = new MarginalLikelihood.Params(200, seed);
        draws.add(asked.model.marginalLogLikelihood(CELLS, with, Progress.NONE));
      }
      double[] ours = over(draws)[0];
      double[] theirs = row(asked.part("marginal", "mean"));
      assertThat(Example.mean(ours)).isCloseTo(Example.mean(theirs), within(0.05));
      for (int i = 0; i < ours.length; i++) {
        assertThat(ours[i]).isCloseTo(theirs[i], within(1.0));
      }
    }
  }

  @Test
  void expressionAgrees() {
    int[] some = CountModel.chosen(null, 30);
    for (Asked asked : SCVI) {
      var with = NormalizedExpression.Params.builder().nSamples(1000).cells(some);
      var moved =
          asked.model.normalizedExpression(CELLS, with.transformBatch(List.of("y")).build());
      // a draw serves both batches here and one there: twice as many are as many
      var both = with.nSamples(2000).transformBatch(List.of("x", "y")).latentLibrary(true);
      var averaged = asked.model.normalizedExpression(CELLS, both.build());
      near(
          moved.x(),
          rows(asked.part("expression", "mean")),
          rows(asked.part("expression", "error")));
      near(
          averaged.x(),
          rows(asked.part("averaged", "mean")),
          rows(asked.part("averaged", "error")));
    }
  }

  /** As many draws on both sides, so that both have about the same errors. */
  private static void near(DenseMatrix ours, double[][] theirs, double[][] error) {
    double squares = 0;
    for (int i = 0; i < theirs.length; i++) {
      for (int j = 0; j < theirs[i].length; j++) {
        squares += Math.pow(ours.get(i, j) - theirs[i][j], 2) / (2 * Math.pow(error[i][j], 2));
      }
    }
    assertThat(squares / theirs.length / theirs[0].length).isBetween(0.6, 1.6);
  }

  @Test
  void mixturesOfPlacesAgree() {
    for (Asked asked : SCVI) {
      var at = asked.model.latentDistribution(CELLS).mean();
      double[] student = asked.model.aggregatedPosterior(CELLS, 3).logProb(at);
      double[] normal =
          asked.model.aggregatedPosterior(CELLS, Double.POSITIVE_INFINITY).logProb(at);
      assertThat(student).containsExactly(row(asked.answers.get("student")), within(2e-3));
      assertThat(normal).containsExactly(row(asked.answers.get("normal")), within(2e-3));
      var samples =
          asked.model.differentialAbundance(
              CELLS, categories("kind"), DifferentialAbundance.Params.DEFAULTS, Progress.NONE);
      same(samples.logProbs(), asked.table("abundance"), 2e-3);
    }
  }

  /** Of 5,000 pairs on both sides, whose cells are drawn with replacement. */
  @Test
  void differentialExpressionAgrees() {
    for (Asked asked : SCVI) {
      var vanilla = compared(asked, DifferentialExpression.Params.builder());
      column(asked, vanilla, "vanilla", "proba_m1", 0.05, 0);
      column(asked, vanilla, "vanilla", "scale1", 2e-4, 0.15);
      column(asked, vanilla, "vanilla", "scale2", 2e-4, 0.15);
      var own = DifferentialExpression.Params.builder().mode(Mode.CHANGE).batchCorrection(true);
      // a quantile of largest values scatters, and genes of few counts go by it
      double pseudocounts = Example.mean(row(asked.answers.get("pseudocounts")));
      double[] estimates = new double[8];
      for (int seed = 0; seed < estimates.length; seed++) {
        estimates[seed] = compared(asked, own.seed(seed)).columns().get("pseudocounts")[0];
      }
      assertThat(Example.mean(estimates) / pseudocounts).isBetween(0.8, 1.25);
      pseudocounts = row(asked.answers.get("pseudocounts"))[0];
      var change = compared(asked, own.pseudocounts(pseudocounts));
      column(asked, change, "change", "proba_de", 0.05, 0);
      for (String name : List.of("lfc_mean", "lfc_median", "lfc_std")) {
        column(asked, change, "change", name, 0.1, 0.05);
      }
      column(asked, change, "change", "raw_mean1", 1e-5, 1e-5);
      column(asked, change, "change", "raw_normalized_mean2", 1e-5, 1e-5);
    }
  }

  private static DifferentialExpression.Table compared(
      Asked asked, DifferentialExpression.Params.Builder with) {
    var groups = Comparison.of(categories("kind"), List.of("a"), null);
    return asked
        .model
        .differentialExpression(CELLS, groups, with.build(), Progress.NONE)
        .tables()
        .get(0);
  }

  private static void column(
      Asked asked,
      DifferentialExpression.Table ours,
      String of,
      String name,
      double absolute,
      double relative) {
    double[] theirs = row(asked.part(of, name));
    for (int k = 0; k < theirs.length; k++) {
      double expected = theirs[ours.positions()[k]];
      assertThat(ours.columns().get(name)[k])
          .as("%s of %s", name, ours.genes()[k])
          .isCloseTo(expected, within(absolute + relative * Math.abs(expected)));
    }
  }

  @Test
  void correlationsAgree() {
    for (Asked asked : SCVI) {
      List<double[]> draws = new ArrayList<>();
      for (int seed = 0; seed < 5; seed++) {
        var with =
            new FeatureCorrelation.Params(
                null,
                null,
                20,
                1000,
                List.of(),
                org.cellweave.preprocess.CorrelationMatrix.Method.SPEARMAN,
                seed);
        draws.add(asked.model.featureCorrelationMatrix(CELLS, with, Progress.NONE).doubleData());
      }
      double[][] theirs = rows(asked.part("correlation", "mean"));
      double[] ours = over(draws)[0];
      for (int k = 0; k < ours.length; k++) {
        assertThat(ours[k]).isCloseTo(theirs[k / theirs.length][k % theirs.length], within(0.06));
      }
    }
  }

  @Test
  void labelsAndLoadingsAgree() {
    Asked scanvi = Asked.of("scanvi");
    var predicted = ((Scanvi) scanvi.model).predict(CELLS, LabelPrediction.Params.DEFAULTS);
    same(predicted.probabilities(), scanvi.table("soft"), 1e-3);
    assertThat(List.of(predicted.labels())).isEqualTo(scanvi.answers.get("hard"));
    Asked linear = Asked.of("linear");
    same(((LinearScvi) linear.model).loadings(), linear.table("loadings"), 1e-4);
  }

  @Test
  void thresholdsOfFoldChangesAgree() {
    double theirs = ((Number) ABOUT.get("delta")).doubleValue();
    assertThat(FoldChangeThreshold.of(row(ABOUT.get("lfc")))).isCloseTo(theirs, within(0.02));
  }
}
