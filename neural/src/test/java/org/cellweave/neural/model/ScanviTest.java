package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.CellData.Covariates;
import org.cellweave.neural.data.MatrixRows;
import org.cellweave.neural.fused.FusedBackend;
import org.cellweave.neural.module.VaeShape.Dispersion;
import org.cellweave.neural.train.Training;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class ScanviTest {
  private static final int N = 300;

  /** Types are 0, 1, 2 by turns; of every second cell the label is hidden. */
  private static CellData cells() {
    String[] levels = {"b cell", "unknown", "nk cell", "t cell"};
    int[] codes = new int[N];
    for (int i = 0; i < N; i++) {
      codes[i] = i / 3 % 2 == 0 ? 1 : truth(i);
    }
    var labels = new Categories("obs['type']", codes, levels);
    return new CellData(
        new MatrixRows(Example.counts(N, 1), Example.genes()),
        new Covariates("X", Example.batch(N), labels, List.of(), List.of(), null));
  }

  private static int truth(int cell) {
    return new int[] {0, 2, 3}[cell % 3];
  }

  private static final CellData CELLS = cells();
  private static final Scanvi.Params PARAMS = Scanvi.Params.of(Example.small().build(), "unknown");

  private static double accuracy(Scanvi model) {
    String[] names = {"b cell", "unknown", "nk cell", "t cell"};
    String[] predicted = model.predict(CELLS);
    double right = 0;
    for (int i = 0; i < N; i++) {
      right += predicted[i].equals(names[truth(i)]) ? 1 : 0;
    }
    return right / N;
  }

  @Test
  void hiddenLabelsAreFound() {
    for (boolean linear : new boolean[] {false, true}) {
      var params = new Scanvi.Params(Example.small().build(), "unknown", linear, 50, false);
      Scanvi model = Example.trained(Scanvi.of(CELLS, params), CELLS, 40);
      assertThat(model.classes()).containsExactly("b cell", "nk cell", "t cell");
      assertThat(accuracy(model)).isGreaterThan(0.9);
      var soft = model.predictSoft(CELLS);
      assertThat(soft.nCols()).isEqualTo(3);
      for (double sum : soft.rowSums()) {
        assertThat(sum).isCloseTo(1, within(1e-5));
      }
      var drawn = model.predict(CELLS, new LabelPrediction.Params(false, 3));
      assertThat(drawn.probabilities().get(0, 0)).isNotEqualTo(soft.get(0, 0));
      assertThat(model.elbo(CELLS, 1)).isFinite();
    }
  }

  @Test
  void labelsAndOthersAreHeldOutEachByThemselves() {
    Scanvi model = Example.trained(Scanvi.of(CELLS, PARAMS), CELLS, 1);
    assertThat(model.trainIndices()).hasSize(270);
    long labelled = Arrays.stream(model.validationIndices()).filter(i -> i / 3 % 2 == 1).count();
    assertThat(labelled).isEqualTo(15);
  }

  @Test
  void itGoesOnFromScviWithFewEpochs() {
    Scvi scvi = Example.trained(Scvi.of(CELLS, Example.small().build()), CELLS, 20);
    Scanvi model = Scanvi.fromScviModel(scvi, CELLS, PARAMS);
    assertThat(model.wasPretrained()).isTrue();
    assertThat(model.isTrained()).isFalse();
    var weights = model.module().parameters();
    assertThat(weights.get("z_encoder.0.weight").values())
        .isEqualTo(scvi.module().parameters().get("z_encoder.0.weight").values());
    var training = Training.builder().batchSize(64).seed(1).build();
    model.train(CELLS, training, FusedBackend.FACTORY, Progress.NONE);
    // a third of the 400 epochs that scVI would take, and at most ten
    assertThat(model.history().epochs()).isEqualTo(10);
    assertThat(model.history().names()).contains("train_classification_loss");
    assertThat(model.epochs(1_600_000)).isEqualTo(2);
    assertThat(Scanvi.of(CELLS, PARAMS).epochs(N)).isEqualTo(400);
  }

  @Test
  void theHistorySaysHowWellTheClassifierDoes() {
    var training = Example.training(3).toBuilder().batchSize(N).checkValEveryNEpoch(2).build();
    Scanvi model = Scanvi.of(CELLS, PARAMS);
    model.train(CELLS, training, FusedBackend.FACTORY, Progress.NONE);
    var history = model.history();
    assertThat(history.names())
        .contains("train_classification_loss", "train_accuracy", "validation_classification_loss")
        .contains("train_f1_score", "train_calibration_error", "validation_calibration_error")
        .doesNotContain("classification_loss_train");
    int[] labelled = Arrays.stream(model.trainIndices()).filter(i -> i / 3 % 2 == 1).toArray();
    String[] names = {"b cell", "unknown", "nk cell", "t cell"};
    String[] predicted = model.predict(CELLS);
    double right =
        Arrays.stream(labelled).filter(i -> predicted[i].equals(names[truth(i)])).count();
    assertThat(history.get("train_accuracy")[2]).isCloseTo(right / labelled.length, within(1e-12));
    assertThat(history.get("train_f1_score")).isEqualTo(history.get("train_accuracy"));
    double[] validation = history.get("validation_accuracy");
    assertThat(validation[0]).isNaN();
    assertThat(validation[1]).isBetween(0.0, 1.0);
    assertThat(validation[2]).isNaN();
    assertThat(history.get("validation_classification_loss")[1]).isPositive();
  }

  @Test
  void scoresAreTheSameForAnyNumberOfThreads() {
    var training = Example.training(2).toBuilder().checkValEveryNEpoch(1).build();
    java.util.function.Supplier<java.util.Map<String, double[]>> run =
        () -> {
          Scanvi model = Scanvi.of(CELLS, PARAMS);
          model.train(CELLS, training, FusedBackend.FACTORY, Progress.NONE);
          return model.history().series();
        };
    var one = Seeds.withThreads(1, run);
    assertThat(Seeds.withThreads(7, run)).usingRecursiveComparison().isEqualTo(one);
  }

  @Test
  void dispersionsByLabelGoWithTheirNames() {
    var byLabel = Example.small().dispersion(Dispersion.GENE_LABEL).build();
    Scvi scvi = Example.trained(Scvi.of(CELLS, byLabel), CELLS, 2);
    Scanvi model = Scanvi.fromScviModel(scvi, CELLS, PARAMS);
    float[] theirs = scvi.module().parameters().get("px_r").values();
    float[] ours = model.module().parameters().get("px_r").values();
    int g = Example.GENES;
    assertThat(scvi.levels("labels")).containsExactly("b cell", "unknown", "nk cell", "t cell");
    assertThat(model.levels("labels")).containsExactly("b cell", "nk cell", "t cell", "unknown");
    assertThat(Arrays.copyOfRange(ours, g, 2 * g))
        .isEqualTo(Arrays.copyOfRange(theirs, 2 * g, 3 * g));
    assertThat(Arrays.copyOfRange(ours, 3 * g, 4 * g))
        .isEqualTo(Arrays.copyOfRange(theirs, g, 2 * g));
  }

  @Test
  void someOfEveryLabelCanBeDrawn() {
    var training = Example.training(2).toBuilder().samplesPerLabel(5).build();
    Scanvi model = Scanvi.of(CELLS, PARAMS);
    model.train(CELLS, training, FusedBackend.FACTORY, Progress.NONE);
    assertThat(model.history().epochs()).isEqualTo(2);
  }

  @Test
  void cellsWithoutLabelsAreUnlabelled() {
    Scanvi model = Example.trained(Scanvi.of(CELLS, PARAMS), CELLS, 2);
    var bare =
        new CellData(
            new MatrixRows(Example.counts(N, 1), Example.genes()), Covariates.of(Example.batch(N)));
    assertThat(model.predict(bare)).isEqualTo(model.predict(CELLS));
  }

  @Test
  void whatCannotBeTaughtIsRefused() {
    var bare = new CellData(new MatrixRows(Example.counts(N, 1)), Covariates.of(Example.batch(N)));
    assertThatThrownBy(() -> Scanvi.of(bare, PARAMS)).hasMessageContaining("SCANVI needs labels");
    var one = Example.cycle("obs['type']", N, "b cell", "unknown");
    var poor =
        new CellData(
            new MatrixRows(Example.counts(N, 1)),
            new Covariates("X", Example.batch(N), one, List.of(), List.of(), null));
    assertThatThrownBy(() -> Scanvi.of(poor, PARAMS))
        .hasMessageContaining("at least two levels besides 'unknown'")
        .hasMessageContaining("[b cell, unknown]");
    Scvi untrained = Scvi.of(CELLS, Example.small().build());
    assertThatThrownBy(() -> Scanvi.fromScviModel(untrained, CELLS, PARAMS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the SCVI model is not trained");
    Scanvi model = Example.trained(Scanvi.of(CELLS, PARAMS), CELLS, 1);
    assertThatThrownBy(() -> model.predict(Example.cells(N)))
        .hasMessageContaining("level 'none' of obs['type'] was not there when the SCANVI model")
        .hasMessageContaining("the label of those without one");
    assertThat(model.toString()).contains("unlabeledCategory: unknown");
  }

  @Test
  void nobodyWithALabelIsRefused() {
    var none = new Categories("obs['type']", new int[N], new String[] {"unknown", "a", "b"});
    none.codes()[0] = 1;
    none.codes()[1] = 2;
    var labels = new Categories("obs['type']", none.codes(), none.levels());
    var cells =
        new CellData(
            new MatrixRows(Example.counts(N, 1)),
            new Covariates("X", Example.batch(N), labels, List.of(), List.of(), null));
    Scanvi model = Example.trained(Scanvi.of(cells, PARAMS), cells, 1);
    int[] all = new int[N];
    var hidden = new Categories("obs['type']", all, new String[] {"unknown"});
    var unlabelled =
        new CellData(
            new MatrixRows(Example.counts(N, 1)),
            new Covariates("X", Example.batch(N), hidden, List.of(), List.of(), null));
    assertThatThrownBy(() -> Example.trained(model, unlabelled, 1))
        .hasMessageContaining("no training cell has a label in obs['type']");
  }
}
