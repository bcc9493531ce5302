package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.cellweave.neural.data.CellData;
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
