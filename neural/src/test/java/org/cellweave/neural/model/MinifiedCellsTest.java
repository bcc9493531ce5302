package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.CellData.Covariates;
import org.cellweave.neural.data.LatentPosterior;
import org.cellweave.neural.model.NormalizedExpression.Weights;
import org.cellweave.neural.module.KeptParts;
import org.cellweave.neural.module.VaeShape.LatentDistribution;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class MinifiedCellsTest {
  private static final int N = 90;
  private static final CellData CELLS = Example.cells(N);
  private static final Scvi MODEL = Example.scvi(CELLS, Example.small().build());

  private static CellData minified(CountModel model) {
    var covariates =
        new Covariates("X", Example.batch(N), Example.types(N), List.of(), List.of(), null);
    LatentPosterior found = model.latentPosterior(CELLS);
    return CellData.minified(Example.genes(), CELLS.totals(), covariates, found);
  }

  private static List<DifferentialExpression.Comparison> groups() {
    return DifferentialExpression.Comparison.of(Example.types(N), null, null);
  }

  private static DifferentialExpression.Params.Builder de() {
    return DifferentialExpression.Params.builder().nSamples(100);
  }

  private static double[] all(DenseMatrix x) {
    return x.toFloat64().doubleData().clone();
  }

  /** What places alone answer. */
  private static List<double[]> answers(CountModel model, CellData cells) {
    List<double[]> out = new ArrayList<>();
    out.add(all(model.latentRepresentation(cells)));
    out.add(all(model.latentRepresentation(cells, new LatentRepresentation.Params(false, 1, 3))));
    out.add(all(model.latentDistribution(cells).variance()));
    var expression = NormalizedExpression.Params.builder();
    out.add(all(model.normalizedExpression(cells, expression.nSamples(2).build()).x()));
    var some = expression.nSamples(1).nSamplesOverall(40).cells(new int[] {3, 5, 40}).build();
    out.add(all(model.normalizedExpression(cells, some).x()));
    var scaled = NormalizedExpression.Params.builder().latentLibrary(true);
    out.add(all(model.normalizedExpression(cells, scaled.build()).x()));
    var predicted = model.posteriorPredictiveSample(cells, PosteriorPredictive.Params.DEFAULTS);
    out.add(all(predicted.get(0).toDense()));
    out.add(all(model.likelihoodParameters(cells, LikelihoodParameters.Params.DEFAULTS).mean()));
    out.add(model.latentLibrarySize(cells, false, 0));
    var correlations = FeatureCorrelation.Params.DEFAULTS;
    out.add(all(model.featureCorrelationMatrix(cells, correlations, Progress.NONE)));
    out.add(model.aggregatedPosterior(cells, 3).logProb(model.latentRepresentation(cells)));
    var params = de().mode(DifferentialExpression.Mode.CHANGE).pseudocounts(1e-5).allStats(false);
    var table = model.differentialExpression(cells, groups(), params.build(), Progress.NONE);
    table.tables().forEach(t -> out.addAll(t.columns().values()));
    return out;
  }

  @Test
  void placesAnswerWithTheSameBits() {
    var simplex = Example.small().latentDistribution(LatentDistribution.LN).build();
    for (Scvi model : List.of(MODEL, Example.scvi(CELLS, simplex))) {
      CellData small = minified(model);
      assertThat(small.hasCounts()).isFalse();
      List<double[]> expected = answers(model, CELLS);
      List<double[]> found = answers(model, small);
      for (int k = 0; k < expected.size(); k++) {
        assertThat(found.get(k)).as("answer " + k).isEqualTo(expected.get(k));
      }
    }
  }

  @Test
  void labelsAreForetold() {
    Scanvi model = Example.trained(Scanvi.of(CELLS, labels()), CELLS, 3);
    assertThat(model.predict(minified(model))).isEqualTo(model.predict(CELLS));
  }

  private static Scanvi.Params labels() {
    return Scanvi.Params.of(Example.small().build(), "none");
  }

  @Test
  void meansOfCountsAreLeftOutOfTables() {
    CellData small = minified(MODEL);
    var found = MODEL.differentialExpression(small, groups(), de().build(), Progress.NONE);
    assertThat(found.warnings())
        .containsExactly("these cells were minified without counts, whose means are left out");
    assertThat(found.tables().get(0).columns())
        .containsKey("scale1")
        .doesNotContainKey("raw_mean1");
  }

  private static void refuses(String what, ThrowingCallable asked) {
    assertThatThrownBy(asked)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            what
                + " needs the counts of cells, which were dropped when these were minified. Give"
                + " the cells with their counts, or minify with them kept:"
                + " latent_posterior_parameters_with_counts");
  }

  @Test
  void whatNeedsCountsIsRefused() {
    CellData small = minified(MODEL);
    refuses("the evidence lower bound", () -> MODEL.elbo(small, 0));
    refuses("the evidence lower bound", () -> MODEL.reconstructionError(small, 0));
    String marginal = "the marginal likelihood, which weights by importance are made of,";
    var few = new MarginalLikelihood.Params(2, 0);
    refuses(marginal, () -> MODEL.marginalLogLikelihood(small, few, Progress.NONE));
    var weighted = de().weights(Weights.IMPORTANCE).allStats(false).build();
    refuses(marginal, () -> MODEL.differentialExpression(small, groups(), weighted, Progress.NONE));
    var change = de().mode(DifferentialExpression.Mode.CHANGE).build();
    refuses(
        "an estimate of pseudocounts, in whose place pseudocounts = 1e-6 may be named,",
        () -> MODEL.differentialExpression(small, groups(), change, Progress.NONE));
    refuses("training", () -> Example.trained(MODEL, small, 1));
    refuses("a new model", () -> Scvi.of(small, Example.small().build()));
    refuses("a new model", () -> Scanvi.fromScviModel(MODEL, small, labels()));
    refuses(
        "a model for new cells",
        () -> QueryMapping.loadQueryData(MODEL, small, KeptParts.DEFAULTS));
  }

  @Test
  void countsMayStayBesideThePlaces() {
    CellData both = CELLS.withPosterior(MODEL.latentPosterior(CELLS));
    assertThat(both.hasCounts()).isTrue();
    assertThat(MODEL.elbo(both, 1)).isEqualTo(MODEL.elbo(CELLS, 1));
    assertThat(all(MODEL.latentRepresentation(both)))
        .isEqualTo(all(MODEL.latentRepresentation(CELLS)));
    assertThatThrownBy(() -> Example.trained(MODEL, both, 1))
        .hasMessageContaining("hold latent places that this SCVI model found")
        .hasMessageContaining("minify afterwards");
    assertThat(Scanvi.fromScviModel(MODEL, both, labels()).isTrained()).isFalse();
  }

  @Test
  void otherModelsAndInferredTotalsAreRefused() {
    CellData small = minified(MODEL);
    Scvi wide = Example.scvi(CELLS, Example.small().nLatent(5).build());
    assertThatThrownBy(() -> wide.latentRepresentation(small))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("minified by another model than this SCVI model of 5 latent")
        .hasMessageContaining("their places have 3");
    Scvi infers = Example.scvi(CELLS, Example.small().useObservedLibSize(false).build());
    assertThatThrownBy(() -> infers.latentPosterior(CELLS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("infers the totals of cells from their counts")
        .hasMessageContaining("cannot be minified");
    Scvi untrained = Scvi.of(CELLS, Example.small().build());
    assertThatThrownBy(() -> untrained.latentPosterior(CELLS))
        .hasMessageContaining("is not trained");
  }

  @Test
  void placesMustBeWhole() {
    float[] two = {1, 2};
    assertThatThrownBy(() -> new LatentPosterior(1, 2, two, new float[] {1, 0}))
        .hasMessage(
            "latent places must have finite means and positive variances, but dimension 1 of cell 0"
                + " has 2.0 and 0.0");
    assertThatThrownBy(() -> new LatentPosterior(2, 2, two, two))
        .hasMessageContaining("latent means");
    var one = new LatentPosterior(1, 2, two, two);
    assertThatThrownBy(() -> CELLS.withPosterior(one)).hasMessageContaining("latent posterior");
    double[] totals = {0};
    assertThatThrownBy(() -> CellData.minified(Example.genes(), totals, Covariates.of(null), one))
        .hasMessage("totals must be positive, got 0.0 for cell 0");
  }
}
