package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.MatrixRows;
import org.cellweave.neural.files.Tensor;
import org.cellweave.neural.files.TensorFile;
import org.cellweave.neural.fused.FusedBackend;
import org.cellweave.neural.train.EarlyStopping;
import org.cellweave.neural.train.Plateau;
import org.cellweave.neural.train.Training;
import org.cellweave.neural.train.Warmup;
import org.cellweave.util.FormatException;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that is killed and run again ends with the bits of one that was not. */
class CheckpointTest {
  private static final int N = 130;
  private static final CellData CELLS = Example.cells(N);

  @TempDir Path folder;

  private Training.Builder settings(int every) {
    return Example.training(11).toBuilder()
        .warmup(new Warmup(0, 20, 0, 1))
        .earlyStopping(new EarlyStopping("elbo_validation", 40, 0, 0))
        .plateau(new Plateau("elbo_validation", 0.5, 2, 1000, 1e-5))
        .checkpoint(every == 0 ? null : new Training.CheckpointFolder(folder, every));
  }

  private static CountModel made(String kind) {
    Scvi.Params small = Example.small().useObservedLibSize(false).build();
    return switch (kind) {
      case "SCANVI" -> Scanvi.of(CELLS, Scanvi.Params.of(small, "none"));
      case "JE" -> JointEmbeddingScvi.of(CELLS, JointEmbeddingScvi.Params.of(small));
      default -> Scvi.of(CELLS, small);
    };
  }

  private static void train(CountModel model, Training training) {
    model.train(CELLS, training, FusedBackend.FACTORY, Progress.NONE);
  }

  /** Ends after so many epochs, as if by a kill: nothing of the model is used again. */
  private static void killedAfter(int epochs, CountModel model, Training training) {
    Progress kills =
        (stage, step, total, objective) -> {
          if (step == epochs) {
            throw new CancellationException("killed");
          }
        };
    assertThatThrownBy(() -> model.train(CELLS, training, FusedBackend.FACTORY, kills))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void resumedIsUninterrupted() {
    for (String kind : new String[] {"SCVI", "SCANVI", "JE"}) {
      CountModel whole = made(kind);
      train(whole, settings(0).build());
      Training training = settings(2).build();
      killedAfter(5, made(kind), training);
      assertThat(folder.resolve(CheckpointFile.FILE)).exists();
      killedAfter(9, made(kind), training);
      CountModel resumed = made(kind);
      int[] first = {0};
      Progress counts =
          (stage, step, total, objective) -> first[0] = first[0] == 0 ? step : first[0];
      resumed.train(CELLS, training, FusedBackend.FACTORY, counts);
      assertThat(first[0]).as("the epoch after the checkpoint").isEqualTo(9);
      assertThat(resumed.history().series())
          .usingRecursiveComparison()
          .isEqualTo(whole.history().series());
      assertThat(resumed.history().get("learning_rate")[10]).isLessThan(0.01);
      assertThat(resumed.module().parameters().snapshot())
          .usingRecursiveComparison()
          .isEqualTo(whole.module().parameters().snapshot());
      assertThat(folder.resolve(CheckpointFile.FILE)).doesNotExist();
    }
  }

  @Test
  void aSecondTrainingIsGoneOnWithToo() {
    Scvi whole = Scvi.of(CELLS, Example.small().build());
    Example.trained(whole, CELLS, 3);
    train(whole, settings(0).build());
    Scvi killed = Scvi.of(CELLS, Example.small().build());
    Example.trained(killed, CELLS, 3);
    killedAfter(4, killed, settings(1).build());
    Scvi again = Scvi.of(CELLS, Example.small().build());
    Example.trained(again, CELLS, 3);
    train(again, settings(1).build());
    assertThat(again.elbo(CELLS, 1)).isEqualTo(whole.elbo(CELLS, 1));
    assertThat(again.history().epochs()).isEqualTo(whole.history().epochs()).isEqualTo(14);
  }

  /** As in a notebook, where the interrupted model is at hand. */
  @Test
  void anInterruptedModelIsAsItWasAndCanBeGoneOnWith() {
    CountModel whole = made("SCVI");
    train(whole, settings(0).build());
    CountModel model = made("SCVI");
    var before = model.module().parameters().snapshot();
    killedAfter(5, model, settings(2).build());
    assertThat(model.module().parameters().snapshot()).usingRecursiveComparison().isEqualTo(before);
    assertThat(model.isTrained()).isFalse();
    train(model, settings(2).build());
    assertThat(model.elbo(CELLS, 1)).isEqualTo(whole.elbo(CELLS, 1));
  }

  @Test
  void whatWatchesNobodyIsRefused() {
    var all = settings(0).trainSize(1);
    assertThatThrownBy(() -> train(made("SCVI"), all.build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "earlyStopping watches cells that are held out, but none are: trainSize is 1.0."
                + " Hold some out, or do without");
    assertThatThrownBy(() -> train(made("SCVI"), all.earlyStopping(null).build()))
        .hasMessageStartingWith("plateau watches");
  }

  @Test
  void aCheckpointOfAnotherTrainingIsRefused() {
    killedAfter(3, made("SCVI"), settings(1).build());
    assertThatThrownBy(() -> train(made("SCVI"), settings(1).batchSize(40).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("differs in settings. Repeat that training");
    assertThatThrownBy(() -> train(made("JE"), settings(1).build()))
        .hasMessageContaining("differs in model. Repeat");
    CountModel fewer = made("SCVI");
    assertThatThrownBy(
            () ->
                fewer.train(
                    Example.cells(N - 1), settings(1).build(), FusedBackend.FACTORY, Progress.NONE))
        .hasMessageContaining("differs in cells");
  }

  private static CellData cells(int[] genes, Categories labels) {
    return new CellData(
        new MatrixRows(Example.counts(N, 1).takeCols(genes), Example.genes()),
        new CellData.Covariates("X", Example.batch(N), labels, List.of(), List.of(), null));
  }

  /** The same totals, batches and names of genes, but others of their counts or labels. */
  @Test
  void aCheckpointKnowsCountsGenesAndLabels() {
    killedAfter(3, made("SCANVI"), settings(1).build());
    int[] reversed = IntStream.range(0, Example.GENES).map(g -> Example.GENES - 1 - g).toArray();
    int[] same = IntStream.range(0, Example.GENES).toArray();
    refusedFor(cells(reversed, Example.types(N)), "differs in counts. Repeat");
    var others = Example.cycle("obs['type']", N, "t cell", "b cell", "none");
    refusedFor(cells(same, others), "differs in labels");
    var renamed = Example.genes();
    renamed[3] = "other";
    refusedFor(
        new CellData(
            new MatrixRows(Example.counts(N, 1), renamed),
            new CellData.Covariates(
                "X", Example.batch(N), Example.types(N), List.of(), List.of(), null)),
        "differs in genes. Repeat");
    train(made("SCANVI"), settings(1).build());
  }

  private void refusedFor(CellData other, String message) {
    Scvi.Params small = Example.small().useObservedLibSize(false).build();
    CountModel model = Scanvi.of(other, Scanvi.Params.of(small, "none"));
    assertThatThrownBy(
            () -> model.train(other, settings(1).build(), FusedBackend.FACTORY, Progress.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  /** A checksum does not help where it was made for the changed file. */
  @Test
  void numbersThatNoTrainingHasAreRefused() {
    killedAfter(3, made("SCVI"), settings(1).build());
    Path file = folder.resolve(CheckpointFile.FILE);
    TensorFile of = TensorFile.read(file);
    for (var change :
        List.of(
            Map.entry("epochs", "-5"),
            Map.entry("epochs", "5000"),
            Map.entry("epochs", "many"),
            Map.entry("steps", "-1"),
            Map.entry("rate", "NaN"),
            Map.entry("rate", "0"))) {
      Map<String, String> texts = new LinkedHashMap<>(of.metadata());
      texts.put(change.getKey(), change.getValue());
      new TensorFile(texts, of.tensors()).write(file);
      refusedAsDamaged(change.toString());
    }
    changed(of, "x", Tensor.row(new float[3]));
    refusedAsDamaged("a tensor of an unknown name");
    for (String beginning : new String[] {"moments/", "moments/px_r", "moments/px_r:first"}) {
      Map<String, Tensor> fewer = new LinkedHashMap<>(of.tensors());
      fewer.keySet().removeIf(name -> name.startsWith(beginning));
      new TensorFile(of.metadata(), fewer).write(file);
      refusedAsDamaged("without " + beginning);
    }
    changed(of, "watches", Tensor.row(new double[2]));
    refusedAsDamaged("watches");
    changed(of, "moments/px_r:second", Tensor.row(new float[] {Float.NaN}));
    refusedAsDamaged("moments that are NaN");
    changed(of, "moments/px_r:second", Tensor.row(new float[3]));
    refusedAsDamaged("too few moments");
    Map<String, Tensor> renamed = new LinkedHashMap<>();
    of.tensors().forEach((name, t) -> renamed.put(name.replace("px_r:", "px_s:"), t));
    new TensorFile(of.metadata(), renamed).write(file);
    refusedAsDamaged("moments of another name");
    Map<String, Tensor> fewer = new LinkedHashMap<>(of.tensors());
    fewer.remove("weights/px_r");
    new TensorFile(of.metadata(), fewer).write(file);
    refusedAsDamaged("a weight less");
    float[] weights = new float[Example.GENES];
    weights[2] = Float.POSITIVE_INFINITY;
    changed(of, "weights/px_r", new Tensor(weights, 1, Example.GENES));
    refusedAsDamaged("weights that are infinite");
  }

  private void changed(TensorFile of, String name, Tensor tensor) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(of.tensors());
    tensors.put(name, tensor);
    new TensorFile(of.metadata(), tensors).write(folder.resolve(CheckpointFile.FILE));
  }

  private void refusedAsDamaged(String what) {
    assertThatThrownBy(() -> train(made("SCVI"), settings(1).build()))
        .as(what)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void aFolderThatCannotBeWrittenIsRefusedBeforeTraining() throws IOException {
    Path plain = folder.resolve("plain");
    Files.writeString(plain, "x");
    for (Path at : new Path[] {plain, plain.resolve("inside")}) {
      var in = settings(0).checkpoint(new Training.CheckpointFolder(at, 1)).build();
      Progress none =
          (stage, step, total, objective) -> {
            throw new AssertionError("trained");
          };
      assertThatThrownBy(() -> made("SCVI").train(CELLS, in, FusedBackend.FACTORY, none))
          .hasMessageContaining("cannot be made")
          .hasMessageNotContaining("Exception");
    }
  }

  @Test
  void aDamagedCheckpointIsRefused() throws IOException {
    Path file = folder.resolve(CheckpointFile.FILE);
    killedAfter(3, made("SCVI"), settings(1).build());
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 9));
    assertThatThrownBy(() -> train(made("SCVI"), settings(1).build()))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(file.toString());
    Files.delete(file);
    Example.scvi(CELLS, Example.small().build()).save(folder, false);
    Files.move(folder.resolve(ModelFile.FILE), file);
    assertThatThrownBy(() -> train(made("SCVI"), settings(1).build()))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("is no checkpoint");
  }
}
