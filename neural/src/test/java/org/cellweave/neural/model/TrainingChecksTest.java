package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.fused.FusedBackend;
import org.cellweave.neural.train.EarlyStopping;
import org.cellweave.neural.train.Plateau;
import org.cellweave.neural.train.Training;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class TrainingChecksTest {
  private static final int N = 90;
  private static final CellData CELLS = Example.cells(N);

  private static List<CountModel> models() {
    Scvi.Params small = Example.small().build();
    return List.of(
        Scvi.of(CELLS, small),
        Scanvi.of(CELLS, Scanvi.Params.of(small, "none")),
        JointEmbeddingScvi.of(CELLS, JointEmbeddingScvi.Params.of(small)));
  }

  private static void train(CountModel model, Training training) {
    model.train(CELLS, training, FusedBackend.FACTORY, Progress.NONE);
  }

  /** The names that are known before training are those that the history has after it. */
  @Test
  void onlyASeriesOfTheHistoryCanBeWatched() {
    Training one = Example.training(1).toBuilder().checkValEveryNEpoch(1).build();
    for (CountModel model : models()) {
      var typo = new EarlyStopping("elbo_val", 1, 0, 0);
      var plateau = new Plateau("elbo_val", 0.5, 1, 0, 0);
      train(model, one);
      String known = new TreeSet<>(model.history().names()).toString();
      assertThatThrownBy(() -> train(model, one.toBuilder().earlyStopping(typo).build()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "earlyStoppingMonitor must be a series of the history, one of "
                  + known
                  + ", got 'elbo_val'.");
      assertThatThrownBy(() -> train(model, one.toBuilder().plateau(plateau).build()))
          .hasMessageStartingWith("monitor of the plateau must be a series");
      for (String name : model.history().names()) {
        train(model, one.toBuilder().earlyStopping(new EarlyStopping(name, 1, 0, 0)).build());
      }
    }
  }

  @Test
  void labelsAreDrawnByModelsThatHaveAClassifier() {
    Training drawing = Example.training(1).toBuilder().samplesPerLabel(3).build();
    for (CountModel model : models()) {
      if (model instanceof Scanvi) {
        train(model, drawing);
      } else {
        assertThatThrownBy(() -> train(model, drawing))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageStartingWith("nSamplesPerLabel is for models that a classifier is part of");
      }
    }
  }

  @Test
  void networksThatNoMemoryHoldsAreRefused() {
    for (Scvi.Params.Builder large :
        List.of(
            Scvi.Params.builder().nHidden(Integer.MAX_VALUE),
            Scvi.Params.builder().nHidden(100_000_000),
            Scvi.Params.builder().nLatent(Integer.MAX_VALUE),
            Scvi.Params.builder().nHidden(1_000_000).nLayers(2))) {
      Scvi.Params params = large.build();
      assertThatThrownBy(() -> Scvi.of(CELLS, params))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching(
              "nHidden = \\d+, nLatent = \\d+ and nLayers = \\d+ make a network of \\S+ weights for"
                  + " 40 genes, which needs \\S+ GiB to be trained, and Java has \\S+. Choose"
                  + " fewer");
    }
    assertThatThrownBy(() -> Scvi.Params.builder().nLayers(1_000_000).build())
        .hasMessage("nLayers must be at most 100, got 1000000");
  }

  @Test
  void questionsAboutNothingAreRefused() {
    Scvi model = Example.scvi(CELLS, Example.small().build());
    assertThatThrownBy(() -> Example.some(N))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("X has no cells; a model needs some");
    var out = new DifferentialExpression.Comparison("a", "b", new int[] {0}, new int[] {-1});
    var params = DifferentialExpression.Params.DEFAULTS;
    assertThatThrownBy(
            () -> model.differentialExpression(CELLS, List.of(out), params, Progress.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cells must lie in [0, 90), got -1");
    assertThatThrownBy(() -> model.differentialExpression(CELLS, List.of(), params, Progress.NONE))
        .hasMessage("comparisons must hold at least one, got none");
    assertThatThrownBy(() -> model.genes(List.of()))
        .hasMessage("geneList must name at least one gene, got none; null is for all");
    assertThatThrownBy(
            () -> DifferentialExpression.Params.builder().delta(Double.POSITIVE_INFINITY).build())
        .hasMessage("delta must be a finite number, got Infinity");
    assertThatThrownBy(() -> NormalizedExpression.Params.builder().librarySize(1e300).build())
        .hasMessage("librarySize must be at most 3.4028235E38, the largest float32, got 1.0E300");
  }
}
