package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.model.NormalizedExpression.Weights;
import org.cellweave.neural.module.VaeShape.Dispersion;
import org.cellweave.neural.module.VaeShape.LatentDistribution;
import org.cellweave.testing.Seeds;
import org.cellweave.util.MissingKeyException;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class InferenceTest {
  private static final int N = 150;
  private static final CellData CELLS = Example.cells(N);
  private static final Scvi ZINB = Example.scvi(CELLS, Example.small().build());

  private static double[] row(DenseMatrix x, int i) {
    double[] out = new double[x.nCols()];
    x.readRow(i, out);
    return out;
  }

  private static double[] all(DenseMatrix x) {
    return x.toFloat64().doubleData().clone();
  }

  private static NormalizedExpression.Params.Builder expression() {
    return NormalizedExpression.Params.builder();
  }

  // ------------------------------------------------------------------ threads and neighbours

  /** Everything that is asked of a model, as numbers. */
  private static List<double[]> everything(Scvi model, CellData cells) {
    List<double[]> out = new ArrayList<>();
    out.add(all(model.latentRepresentation(cells)));
    out.add(all(model.latentRepresentation(cells, new LatentRepresentation.Params(false, 1, 3))));
    out.add(all(model.normalizedExpression(cells, expression().nSamples(3).build()).x()));
    var predicted = model.posteriorPredictiveSample(cells, PosteriorPredictive.Params.DEFAULTS);
    out.add(all(predicted.get(0).toDense()));
    out.add(model.evidenceBound(cells, 1).elbo());
    out.add(model.marginalLogLikelihood(cells, new MarginalLikelihood.Params(5, 1), Progress.NONE));
    out.add(all(model.likelihoodParameters(cells, LikelihoodParameters.Params.DEFAULTS).mean()));
    return out;
  }

  @Test
  void threadsDoNotMatter() {
    List<double[]> one = Seeds.withThreads(1, () -> everything(ZINB, CELLS));
    for (int threads : new int[] {2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> everything(ZINB, CELLS)))
          .usingRecursiveComparison()
          .isEqualTo(one);
    }
  }

  /** The first cells alone, at the same positions, get the same bits as among all. */
  @Test
  void aCellDoesNotDependOnThoseBesideIt() {
    int[] first = {0, 1, 2, 3, 4};
    List<double[]> among = everything(ZINB, CELLS);
    List<double[]> alone = everything(ZINB, Example.some(N, first));
    for (int k = 0; k < among.size(); k++) {
      assertThat(alone.get(k)).isEqualTo(Arrays.copyOf(among.get(k), alone.get(k).length));
    }
  }

  @Test
  void anotherSeedDrawsOtherNumbers() {
    var one = ZINB.normalizedExpression(CELLS, expression().seed(1).build()).x();
    var two = ZINB.normalizedExpression(CELLS, expression().seed(2).build()).x();
    assertThat(all(one)).isNotEqualTo(all(two));
  }

  // ------------------------------------------------------------------------ latent places

  @Test
  void drawnPlacesHaveTheMomentsThatAreTold() {
    var of = ZINB.latentDistribution(CELLS);
    double[] sum = new double[3];
    double[] squares = new double[3];
    int draws = 4000;
    for (int s = 0; s < draws; s++) {
      var z =
          ZINB.latentRepresentation(
              Example.some(N, 0), new LatentRepresentation.Params(false, 1, s));
      for (int d = 0; d < 3; d++) {
        sum[d] += z.get(0, d);
        squares[d] += z.get(0, d) * z.get(0, d);
      }
    }
    for (int d = 0; d < 3; d++) {
      double mean = sum[d] / draws;
      double variance = of.variance().get(0, d);
      assertThat(mean).isCloseTo(of.mean().get(0, d), within(5 * Math.sqrt(variance / draws)));
      assertThat(squares[d] / draws - mean * mean).isCloseTo(variance, within(0.1 * variance));
    }
  }

  @Test
  void onTheSimplexPlacesAddUpToOne() {
    var model =
        Example.scvi(CELLS, Example.small().latentDistribution(LatentDistribution.LN).build());
    for (boolean mean : new boolean[] {true, false}) {
      var z = model.latentRepresentation(CELLS, new LatentRepresentation.Params(mean, 100, 1));
      for (int i = 0; i < N; i++) {
        assertThat(Arrays.stream(row(z, i)).sum()).isCloseTo(1, within(1e-5));
      }
    }
    assertThat(model.latentDistribution(CELLS).mean().nRows()).isEqualTo(N);
    assertThat(model.elbo(CELLS, 1)).isFinite();
  }

  // --------------------------------------------------------------------------- expression

  @Test
  void sharesAddUpToTheLibrarySize() {
    var x = ZINB.normalizedExpression(CELLS, expression().librarySize(1e4).build()).x();
    for (int i = 0; i < N; i++) {
      assertThat(Arrays.stream(row(x, i)).sum()).isCloseTo(1e4, within(0.1));
    }
  }

  @Test
  void toTheLatentLibraryItIsTheMeanOfTheLikelihood() {
    var x = ZINB.normalizedExpression(CELLS, expression().latentLibrary(true).seed(4).build()).x();
    var parameters = ZINB.likelihoodParameters(CELLS, new LikelihoodParameters.Params(null, 1, 4));
    assertThat(all(x)).isEqualTo(all(parameters.mean()));
    for (int i = 0; i < 5; i++) {
      assertThat(Arrays.stream(row(x, i)).sum())
          .isCloseTo(CELLS.totals()[i], within(1e-3 * CELLS.totals()[i]));
    }
  }

  @Test
  void genesAndCellsAreTaken() {
    var whole = ZINB.normalizedExpression(CELLS, expression().build());
    var part =
        ZINB.normalizedExpression(
            CELLS, expression().genes(List.of("G7", "G2")).cells(new int[] {9, 4}).build());
    assertThat(part.genes()).containsExactly(7, 2);
    assertThat(part.x().get(1, 0)).isEqualTo(whole.x().get(4, 7));
    assertThat(part.x().get(0, 1)).isEqualTo(whole.x().get(9, 2));
  }

  @Test
  void batchesAreAveraged() {
    var x = ZINB.normalizedExpression(CELLS, expression().transformBatch(List.of("x")).build());
    var y = ZINB.normalizedExpression(CELLS, expression().transformBatch(List.of("y")).build());
    var both =
        ZINB.normalizedExpression(CELLS, expression().transformBatch(List.of("x", "y")).build());
    var own = ZINB.normalizedExpression(CELLS, expression().build());
    assertThat(row(own.x(), 2)).isEqualTo(row(x.x(), 2));
    assertThat(row(own.x(), 3)).isEqualTo(row(y.x(), 3)).isNotEqualTo(row(x.x(), 3));
    double mean = 0.5 * (x.x().get(3, 5) + y.x().get(3, 5));
    assertThat(both.x().get(3, 5)).isCloseTo(mean, within(1e-7));
  }

  @Test
  void drawsAreAveragedOrNot() {
    var apart =
        ZINB.normalizedExpression(CELLS, expression().nSamples(4).returnMean(false).build());
    var mean = ZINB.normalizedExpression(CELLS, expression().nSamples(4).build()).x();
    assertThat(apart.samples()).hasSize(4);
    double sum = apart.samples().stream().mapToDouble(x -> x.get(7, 3)).sum();
    assertThat(mean.get(7, 3)).isCloseTo(sum / 4, within(1e-6));
  }

  @Test
  void someOfAllDrawsAreTaken() {
    var rows = ZINB.normalizedExpression(CELLS, expression().nSamplesOverall(400).build());
    assertThat(rows.x().nRows()).isEqualTo(400);
    assertThat(rows.cells()).hasSize(400);
    assertThat(Arrays.stream(rows.cells()).distinct().count()).isGreaterThan(100);
    double[] sums = rows.x().rowSums();
    assertThat(sums[399]).isCloseTo(1, within(1e-5));
  }

  /** Places that make the cells likely come up more often, and the average stays in the group. */
  @Test
  void weightsByImportanceAreThoseOfTheirDefinition() {
    double[] weights = ImportanceWeights.normalised(new double[] {0, Math.log(3)}, false);
    assertThat(weights).containsExactly(new double[] {0.25, 0.75}, within(1e-12));
    double[] raised = ImportanceWeights.normalised(new double[] {0, Math.log(3)}, true);
    assertThat(raised).containsExactly(new double[] {2 / 5.0, 3 / 5.0}, within(1e-12));
    var some = new ImportanceWeights.Params(20, 10, false);
    var rows =
        ZINB.normalizedExpression(
            CELLS,
            expression().nSamplesOverall(200).weights(Weights.IMPORTANCE).importance(some).build());
    assertThat(rows.x().nRows()).isEqualTo(200);
    assertThat(rows.x().rowSums()[0]).isCloseTo(1, within(1e-5));
  }

  // --------------------------------------------------------------------------- likelihood

  @Test
  void dispersionsAreOneRowOrOnePerCell() {
    var shared = ZINB.likelihoodParameters(CELLS, LikelihoodParameters.Params.DEFAULTS);
    assertThat(shared.dispersion().nRows()).isEqualTo(1);
    assertThat(shared.dropout().nRows()).isEqualTo(N);
    for (var d : List.of(Dispersion.GENE_BATCH, Dispersion.GENE_LABEL, Dispersion.GENE_CELL)) {
      var model =
          Example.scvi(CELLS, Example.small().geneLikelihood(Likelihood.NB).dispersion(d).build());
      var of = model.likelihoodParameters(CELLS, LikelihoodParameters.Params.DEFAULTS);
      assertThat(of.dispersion().nRows()).isEqualTo(N);
      assertThat(of.dropout()).isNull();
      if (d == Dispersion.GENE_BATCH) {
        assertThat(row(of.dispersion(), 0))
            .isEqualTo(row(of.dispersion(), 2))
            .isNotEqualTo(row(of.dispersion(), 1));
      }
      assertThat(model.elbo(CELLS, 1)).isFinite();
    }
    var poisson = Example.scvi(CELLS, Example.small().geneLikelihood(Likelihood.POISSON).build());
    assertThat(
            poisson.likelihoodParameters(CELLS, LikelihoodParameters.Params.DEFAULTS).dispersion())
        .isNull();
    assertThat(poisson.posteriorPredictiveSample(CELLS, PosteriorPredictive.Params.DEFAULTS))
        .hasSize(1);
  }

  @Test
  void drawnCountsHaveTheMeansOfTheLikelihood() {
    var params = new PosteriorPredictive.Params(new int[] {0}, null, List.of(), 3000, 1);
    double[] sum = new double[Example.GENES];
    for (var draw : ZINB.posteriorPredictiveSample(CELLS, params)) {
      for (int g = 0; g < sum.length; g++) {
        sum[g] += draw.get(0, g) / 3000;
      }
    }
    var of =
        ZINB.likelihoodParameters(CELLS, new LikelihoodParameters.Params(new int[] {0}, 500, 2));
    double total = 0;
    double expected = 0;
    for (int g = 0; g < sum.length; g++) {
      total += sum[g];
      expected += of.mean().get(0, g) * (1 - of.dropout().get(0, g));
    }
    assertThat(total).isCloseTo(expected, within(0.05 * expected));
  }

  @Test
  void countsOfBatchesAreAveraged() {
    var params = new PosteriorPredictive.Params(null, List.of("G3"), List.of("x", "y"), 1, 1);
    var x = ZINB.posteriorPredictiveSample(CELLS, params).get(0);
    assertThat(x.nCols()).isEqualTo(1);
    for (int i = 0; i < N; i++) {
      assertThat(2 * x.get(i, 0)).isEqualTo(Math.rint(2 * x.get(i, 0)));
    }
  }

  @Test
  void theBoundIsThatOfTrainingAndBelowTheMarginalLikelihood() {
    var bound = ZINB.evidenceBound(CELLS, 1);
    var history = ZINB.history();
    double trained = history.get("elbo_train")[history.epochs() - 1];
    assertThat(-bound.meanElbo()).isCloseTo(trained, within(0.1 * trained));
    double[] marginal =
        ZINB.marginalLogLikelihood(CELLS, new MarginalLikelihood.Params(200, 1), Progress.NONE);
    assertThat(Example.mean(marginal)).isGreaterThan(bound.meanElbo());
    assertThat(ZINB.reconstructionError(CELLS, 1)).isEqualTo(bound.meanReconstruction());
    for (double kl : bound.kl()) {
      assertThat(kl).isNotNegative();
    }
  }

  // -------------------------------------------------------------------------------- totals

  @Test
  void totalsAreInferredOrCounted() {
    var model = Example.scvi(CELLS, Example.small().useObservedLibSize(false).build());
    double[] mean = model.latentLibrarySize(CELLS, true, 0);
    double[] drawn = model.latentLibrarySize(CELLS, false, 0);
    assertThat(mean).hasSize(N).isNotEqualTo(drawn);
    assertThat(model.elbo(CELLS, 1)).isFinite();
    assertThat(
            model.marginalLogLikelihood(CELLS, new MarginalLikelihood.Params(3, 1), Progress.NONE))
        .hasSize(N);
    assertThat(ZINB.latentLibrarySize(CELLS, false, 0)).isEqualTo(CELLS.totals());
    assertThatThrownBy(() -> ZINB.latentLibrarySize(CELLS, true, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("giveMean = false");
  }

  // -------------------------------------------------------------------------- correlations

  @Test
  void correlationsAreSymmetricWithOnesOnTheDiagonal() {
    var params =
        new FeatureCorrelation.Params(
            null,
            List.of("G0", "G1", "G20"),
            5,
            1000,
            List.of("x", "y"),
            org.cellweave.preprocess.CorrelationMatrix.Method.SPEARMAN,
            1);
    var r = ZINB.featureCorrelationMatrix(CELLS, params, Progress.NONE);
    assertThat(r.nRows()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      assertThat(r.get(i, i)).isCloseTo(1, within(1e-12));
      assertThat(r.get(i, 2)).isEqualTo(r.get(2, i)).isBetween(-1.0, 1.0);
    }
  }

  // ------------------------------------------------------------------------------ messages

  @Test
  void whatCannotBeAskedIsRefused() {
    assertThatThrownBy(() -> Scvi.of(CELLS, Example.small().build()).latentRepresentation(CELLS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this SCVI model is not trained. Call train() first");
    assertThatThrownBy(
            () -> ZINB.normalizedExpression(CELLS, expression().genes(List.of("G77")).build()))
        .isInstanceOf(MissingKeyException.class)
        .hasMessageContaining("genes['G77'] is missing");
    assertThatThrownBy(
            () ->
                ZINB.normalizedExpression(CELLS, expression().transformBatch(List.of("z")).build()))
        .hasMessage("no level 'z' in batch; there are [x, y]");
    assertThatThrownBy(
            () -> ZINB.normalizedExpression(CELLS, expression().cells(new int[] {N}).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cells must lie in [0, 150), got 150");
    assertThatThrownBy(
            () -> ZINB.normalizedExpression(CELLS, expression().cells(new int[0]).build()))
        .hasMessageContaining("at least one cell");
    assertThatThrownBy(() -> expression().nSamples(2).nSamplesOverall(10).build())
        .hasMessageContaining("nSamplesOverall = 10 and nSamples = 2 exclude");
    assertThatThrownBy(
            () ->
                expression().weights(Weights.IMPORTANCE).transformBatch(List.of("x", "y")).build())
        .hasMessageContaining("average over 2 batches");
    var poisson = Example.scvi(CELLS, Example.small().geneLikelihood(Likelihood.POISSON).build());
    assertThatThrownBy(
            () ->
                poisson.featureCorrelationMatrix(
                    CELLS, FeatureCorrelation.Params.DEFAULTS, Progress.NONE))
        .hasMessageContaining("geneLikelihood = poisson");
  }

  @Test
  void aModelTellsWhatItIs() {
    assertThat(ZINB)
        .hasToString(
            "SCVI model with nHidden: 16, nLatent: 3, nLayers: 1, dropoutRate: 0.1, dispersion:"
                + " gene, geneLikelihood: zinb, latentDistribution: normal\n"
                + "Training status: Trained");
    assertThat(Scvi.of(CELLS, Example.small().build()).toString()).endsWith("Not Trained");
    assertThat(ZINB.geneNames()).startsWith("G0", "G1");
    assertThat(ZINB.levels("batch")).containsExactly("x", "y");
    assertThatThrownBy(() -> ZINB.levels("labels"))
        .hasMessage("the SCVI model has no 'labels', only [batch]");
  }
}
