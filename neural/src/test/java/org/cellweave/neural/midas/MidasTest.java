package org.cellweave.neural.midas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.cellweave.integrate.FeatureBlock;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.FormatException;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MidasTest {
  private static final int CELLS = 40;

  private static Midas.Result run(IntegrationInput input, Midas.Params params) {
    return Midas.run(input, params, Progress.NONE);
  }

  private static double[] numbers(DenseMatrix x) {
    double[] out = new double[x.nRows() * x.nCols()];
    for (int k = 0; k < out.length; k++) {
      out[k] = x.get(k / x.nCols(), k % x.nCols());
    }
    return out;
  }

  /** Share of cells of one batch whose nearest of another is of their type. */
  private static double agreement(DenseMatrix c, int from, int to) {
    int right = 0;
    for (int i = to * CELLS; i < (to + 1) * CELLS; i++) {
      int best = -1;
      double nearest = Double.POSITIVE_INFINITY;
      for (int k = from * CELLS; k < (from + 1) * CELLS; k++) {
        double d = 0;
        for (int j = 0; j < c.nCols(); j++) {
          d += Math.pow(c.get(i, j) - c.get(k, j), 2);
        }
        if (d < nearest) {
          nearest = d;
          best = k;
        }
      }
      right += SmallMosaic.type(best) == SmallMosaic.type(i) ? 1 : 0;
    }
    return right / (double) CELLS;
  }

  @Test
  void findsTypesAcrossModalitiesAndTranslates() {
    var input = SmallMosaic.of(CELLS, true);
    var result =
        run(
            input,
            SmallMosaic.quick()
                .maxEpochs(150)
                .adversaryWeight(1)
                .batchWeight(10)
                .alignmentWeight(5)
                .build());
    assertThat(agreement(result.c(), 0, 1)).isGreaterThan(0.85);
    assertThat(agreement(result.c(), 1, 0)).isGreaterThan(0.85);
    double[] loss = result.history().get("loss");
    assertThat(loss[loss.length - 1]).isLessThan(loss[0]);

    // proteins told by genes alone: those of the cell's type are many, the others few
    var proteins = result.model().translated(input, List.of("rna"), "adt");
    assertThat(proteins.cells()).isEqualTo(SmallMosaic.cells(CELLS, 0, 2));
    assertThat(proteins.features()).isEqualTo(SmallMosaic.names("adt_", SmallMosaic.PROTEINS));
    int right = 0;
    for (int i = 0; i < proteins.cells().length; i++) {
      double[] sums = new double[2];
      for (int j = 0; j < SmallMosaic.PROTEINS; j++) {
        sums[j % 2] += proteins.x().get(i, j);
      }
      int type = SmallMosaic.type(proteins.cells()[i]);
      right += sums[type] > sums[1 - type] ? 1 : 0;
    }
    assertThat(right / (double) proteins.cells().length).isGreaterThan(0.9);
  }

  @Test
  void neitherThreadsNorStorageMatter() {
    var params = SmallMosaic.quick().build();
    double[] one =
        Seeds.withThreads(1, () -> numbers(run(SmallMosaic.of(CELLS, true), params).c()));
    for (int threads : new int[] {2, 7}) {
      double[] more =
          Seeds.withThreads(threads, () -> numbers(run(SmallMosaic.of(CELLS, true), params).c()));
      assertThat(more).isEqualTo(one);
    }
    assertThat(numbers(run(SmallMosaic.of(CELLS, false), params).c())).isEqualTo(one);
    var other = run(SmallMosaic.of(CELLS, true), params.toBuilder().seed(4).build());
    assertThat(numbers(other.c())).isNotEqualTo(one);
  }

  @Test
  void wideNetworksGiveTheSameBitsForAnyThreads() {
    var params = SmallMosaic.quick().nHidden(600).nShared(300).batchSize(130).maxEpochs(1).build();
    double[] one =
        Seeds.withThreads(1, () -> numbers(run(SmallMosaic.of(CELLS, true), params).c()));
    double[] seven =
        Seeds.withThreads(7, () -> numbers(run(SmallMosaic.of(CELLS, true), params).c()));
    assertThat(seven).isEqualTo(one);
  }

  @Test
  void historyHasEveryTerm() {
    var result = run(SmallMosaic.of(CELLS, true), SmallMosaic.quick().build());
    assertThat(result.history().names())
        .containsExactlyInAnyOrder(
            "loss",
            "reconstruction_rna",
            "reconstruction_adt",
            "batch",
            "kl_c",
            "kl_u",
            "alignment",
            "discriminator");
    assertThat(result.history().epochs()).isEqualTo(3);
    assertThat(result.stoppedEarly()).isFalse();
    assertThat(result.c().nCols()).isEqualTo(4);
    assertThat(result.u().nCols()).isEqualTo(2);
  }

  @Test
  void oneBatchHasNobodyToPlayAgainst() {
    var block = SmallMosaic.block("rna", SmallMosaic.cells(CELLS, 0), CELLS, 12, true);
    var input =
        new IntegrationInput(List.of(block), List.of(SmallMosaic.batches(CELLS, 1)), List.of());
    var result = run(input, SmallMosaic.quick().build());
    assertThat(result.history().has("discriminator")).isFalse();
    assertThat(result.history().has("alignment")).isFalse();
    assertThat(result.c().nRows()).isEqualTo(CELLS);
  }

  @Test
  void endsByHeldOutCells() {
    var params =
        SmallMosaic.quick().maxEpochs(400).lr(0.02).patience(3).validationSize(0.2).build();
    var result = run(SmallMosaic.of(CELLS, true), params);
    assertThat(result.stoppedEarly()).isTrue();
    double[] seen = result.history().get("validation");
    assertThat(seen.length).isEqualTo(result.history().epochs()).isLessThan(400);
    double best = Arrays.stream(seen).min().orElseThrow();
    assertThat(seen[seen.length - 4]).isEqualTo(best);
  }

  @Test
  void heldOutCellsAreAskedFor() {
    assertThatThrownBy(() -> run(SmallMosaic.of(5, true), SmallMosaic.quick().patience(3).build()))
        .hasMessage(
            "patience needs held-out cells, but validationSize 0.1 leaves none of parts with"
                + " [5, 5, 5] cells. Raise validationSize, or set patience = 0");
  }

  @Test
  void regionsOfOneAndOfSeveralChromosomes() {
    for (int chromosomes : new int[] {1, 3}) {
      var input = SmallMosaic.withRegions(CELLS, chromosomes);
      var result = run(input, SmallMosaic.quick().maxEpochs(40).build());
      assertThat(result.history().names()).contains("reconstruction_atac");
      var open = result.model().imputed(input, "atac");
      assertThat(open.x().nRows()).isEqualTo(3 * CELLS);
      assertThat(Arrays.stream(numbers(open.x()))).allMatch(p -> p > 0 && p < 1);
      assertThat(open.features()).containsExactlyInAnyOrder(input.blocks().get(2).features());
      var drawn = result.model().batchCorrected(input, "atac", true, 1);
      assertThat(Arrays.stream(numbers(drawn.x()))).allMatch(p -> p == 0 || p == 1);
    }
  }

  @Test
  void regionsLieByChromosome() {
    var of = Modality.regions("atac", new String[] {"chr2:1-5", "chr1-1-9", "chr2-7-8", "strange"});
    assertThat(of.features()).containsExactly("chr2:1-5", "chr2-7-8", "chr1-1-9", "strange");
    assertThat(of.pieces()).containsExactly(0, 2, 3, 4);
  }

  @Test
  void genesMayBeNegativeBinomial() {
    var params = SmallMosaic.quick().geneLikelihood(Midas.GeneLikelihood.NEGATIVE_BINOMIAL).build();
    var input = SmallMosaic.of(CELLS, true);
    var model = run(input, params).model();
    assertThat(model.network().encoding().has("decoder.rna.log_dispersion")).isTrue();
    assertThat(model.network().encoding().has("decoder.adt.log_dispersion")).isFalse();
    assertThat(Arrays.stream(numbers(model.batchCorrected(input, "rna", true, 1).x())))
        .allMatch(v -> v >= 0 && v == Math.rint(v));
  }

  @Test
  void countsAsOfOneBatch() {
    var input = SmallMosaic.of(CELLS, true);
    var model = run(input, SmallMosaic.quick().build()).model();
    var means = model.batchCorrected(input, "rna", false, 0);
    var drawn = model.batchCorrected(input, "rna", true, 5);
    double[] counts = numbers(drawn.x());
    assertThat(Arrays.stream(counts)).allMatch(v -> v >= 0 && v == Math.rint(v));
    assertThat(Arrays.stream(counts).average().orElse(0))
        .isCloseTo(Arrays.stream(numbers(means.x())).average().orElse(0), within(0.15));
    assertThat(numbers(model.batchCorrected(input, "rna", true, 5).x())).isEqualTo(counts);
    assertThat(numbers(model.batchCorrected(input, "rna", true, 6).x())).isNotEqualTo(counts);
    // the technical place is the same for all, the biological one their own
    assertThat(numbers(means.x())).isNotEqualTo(numbers(model.imputed(input, "rna").x()));
  }

  @Test
  void savedModelsAreTheSame(@TempDir Path folder) {
    var input = SmallMosaic.withRegions(CELLS, 2);
    var result = run(input, SmallMosaic.quick().build());
    result.model().notes().put("batch_key", "batch");
    Path at = folder.resolve("model");
    result.model().save(at, false);
    var read = TrainedMidas.load(at);
    assertThat(numbers(read.latent(input, List.of()).c())).isEqualTo(numbers(result.c()));
    assertThat(read.params()).isEqualTo(result.model().params());
    assertThat(read.notes()).containsEntry("batch_key", "batch");
    assertThat(read.history().series().keySet()).isEqualTo(result.history().series().keySet());
    assertThat(read).hasToString(result.model().toString());
    assertThatThrownBy(() -> read.save(at, false)).hasMessageContaining("holds a model already");
    read.save(at, true);
  }

  @Test
  void damagedFilesAreRefused(@TempDir Path folder) throws Exception {
    assertThatThrownBy(() -> TrainedMidas.load(folder)).isInstanceOf(FormatException.class);
    Files.writeString(folder.resolve("model.safetensors"), "no model");
    assertThatThrownBy(() -> TrainedMidas.load(folder)).isInstanceOf(FormatException.class);
    var model = run(SmallMosaic.of(CELLS, true), SmallMosaic.quick().build()).model();
    assertThatThrownBy(() -> model.save(folder, true)).isInstanceOf(FormatException.class);
  }

  @Test
  void cellsOfNewBatchesAreTrainedOn() {
    var model = run(SmallMosaic.of(CELLS, true), SmallMosaic.quick().build()).model();
    var blocks = List.of(SmallMosaic.block("rna", SmallMosaic.cells(CELLS, 3), CELLS, 12, true));
    int[] codes = new int[CELLS];
    var first = blocks.get(0);
    var query =
        new IntegrationInput(
            List.of(
                new FeatureBlock(
                    "rna", first.x(), first.features(), IntStream.range(0, CELLS).toArray())),
            List.of(new org.cellweave.design.Categories("batch", codes, new String[] {"new"})),
            List.of());
    assertThatThrownBy(() -> model.latent(query, List.of()))
        .hasMessage(
            "the model knows no batch 'new', it has [b0, b1, b2]. Train it on for new batches first"
                + " (loadQueryData)");
    var result = model.query(query, SmallMosaic.quick().maxEpochs(2).build(), Progress.NONE);
    assertThat(result.model().batches()).containsExactly("b0", "b1", "b2", "new");
    assertThat(result.c().nRows()).isEqualTo(CELLS);
    // the reference's cells are still known
    assertThat(result.model().latent(SmallMosaic.of(CELLS, true), List.of()).c().nRows())
        .isEqualTo(3 * CELLS);
  }

  @Test
  void missingFeaturesCountForNothing() {
    var input = SmallMosaic.of(CELLS, true);
    var model = run(input, SmallMosaic.quick().build()).model();
    var rna = input.blocks().get(0);
    int[] some = {5, 0, 2};
    String[] names = Arrays.stream(some).mapToObj(j -> rna.features()[j]).toArray(String[]::new);
    var fewer =
        new IntegrationInput(
            List.of(
                new FeatureBlock("rna", rna.x().takeCols(some), names, rna.cells()),
                input.blocks().get(1)),
            input.batches(),
            List.of());
    var cells = new MosaicCells(fewer, model.network().shape().modalities());
    boolean[] measured = cells.measured(0, 0);
    for (int j = 0; j < measured.length; j++) {
      assertThat(measured[j]).isEqualTo(j == 0 || j == 2 || j == 5);
    }
    assertThat(cells.measured(1, 0)).isNull();
    assertThat(model.query(fewer, SmallMosaic.quick().build(), Progress.NONE).c().nRows())
        .isEqualTo(3 * CELLS);
  }

  @Test
  void startsNearAnEmbedding() {
    var input = SmallMosaic.of(CELLS, true);
    double[][] rows = new double[3 * CELLS][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new double[] {SmallMosaic.type(i) == 0 ? 3 : -3, 1};
    }
    var params = SmallMosaic.quick().maxEpochs(30).warmStartEpochs(30).build();
    var result = Midas.run(input, DenseMatrix.ofRows(rows), params, Progress.NONE);
    double[] distance = result.history().get("warm_start");
    assertThat(distance[29]).isLessThan(distance[0]);
    double[] means = new double[2];
    for (int i = 0; i < rows.length; i++) {
      means[SmallMosaic.type(i)] += result.c().get(i, 0) / (0.5 * rows.length);
    }
    assertThat(means[0]).isGreaterThan(means[1] + 0.5);
    assertThatThrownBy(
            () -> Midas.run(input, DenseMatrix.ofRows(new double[][] {{1}}), params, Progress.NONE))
        .hasMessageContaining("the embedding to start from");
  }

  @Test
  void historyIsNanWhereATermWasNot() {
    double[][] rows = new double[3 * CELLS][1];
    var params = SmallMosaic.quick().maxEpochs(4).warmStartEpochs(1).build();
    var input = SmallMosaic.of(CELLS, true);
    var history = Midas.run(input, DenseMatrix.ofRows(rows), params, Progress.NONE).history();
    assertThat(history.epochs()).isEqualTo(4);
    assertThat(history.get("warm_start")[0]).isFinite();
    assertThat(history.get("warm_start")[1]).isNaN();
    assertThat(history.get("discriminator")[0]).isNaN();
    assertThat(history.get("discriminator")[1]).isFinite();
  }

  @Test
  void canBeCancelled() {
    assertThatThrownBy(
            () ->
                Midas.run(
                    SmallMosaic.of(CELLS, true),
                    SmallMosaic.quick().build(),
                    (stage, step, total, objective) -> Thread.currentThread().interrupt()))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void tellsItsProgress() {
    List<Integer> epochs = new ArrayList<>();
    Midas.run(
        SmallMosaic.of(CELLS, true),
        SmallMosaic.quick().build(),
        (stage, step, total, objective) -> {
          assertThat(stage).isEqualTo("midas");
          assertThat(total).isEqualTo(3);
          assertThat(objective).isFinite();
          epochs.add(step);
        });
    assertThat(epochs).containsExactly(1, 2, 3);
  }

  private static IntegrationInput one(String name, double[][] rows, String... features) {
    var block = new FeatureBlock(name, DenseMatrix.ofRows(rows), features, null);
    return new IntegrationInput(
        List.of(block), List.of(SmallMosaic.batches(rows.length, 1)), List.of());
  }

  @Test
  void refusesWhatIsNoCount() {
    for (double bad : new double[] {0.5, -1}) {
      assertThatThrownBy(
              () -> run(one("rna", new double[][] {{1, 2}, {0, bad}}, "a", "b"), quick()))
          .isInstanceOf(RefusedValueException.class)
          .hasMessage(
              "midas reads counts, but rna holds "
                  + bad
                  + " in row 1, of 'b'. Give the layer with raw counts, as it was before"
                  + " normalisation");
    }
    assertThatThrownBy(
            () -> run(one("rna", new double[][] {{1, 2}, {0, Double.NaN}}, "a", "b"), quick()))
        .hasMessageContaining("rna");
  }

  private static Midas.Params quick() {
    return SmallMosaic.quick().build();
  }

  @Test
  void refusesTooLittle() {
    assertThatThrownBy(() -> run(one("rna", new double[][] {{1, 2}}, "a", "b"), quick()))
        .hasMessage("midas learns from many cells, got 1; give hundreds at least");
    var empty =
        new FeatureBlock(
            "adt", DenseMatrix.wrap(new double[0], 0, 2), new String[] {"p", "q"}, new int[0]);
    var input = one("rna", new double[][] {{1, 2}, {3, 4}}, "a", "b");
    var both =
        new IntegrationInput(List.of(input.blocks().get(0), empty), input.batches(), List.of());
    assertThatThrownBy(() -> run(both, quick()))
        .hasMessage(
            "midas needs cells and features of every modality, but adt has none; leave it out");
    assertThatThrownBy(
            () ->
                run(
                    IntegrationInput.of(
                        "rna",
                        DenseMatrix.ofRows(new double[][] {{1}, {2}}),
                        SmallMosaic.batches(2, 1)),
                    quick()))
        .hasMessage("midas matches features by their names, but rna has none");
  }

  @Test
  void refusesParametersByName() {
    assertThatThrownBy(() -> Midas.Params.builder().dimC(0).build())
        .hasMessage("dimC must be positive, got 0");
    assertThatThrownBy(() -> Midas.Params.builder().dropout(1).build())
        .hasMessage("dropout must lie in [0, 1), got 1.0");
    assertThatThrownBy(() -> Midas.Params.builder().lr(Double.NaN).build())
        .hasMessage("lr must be a finite number, got NaN");
    assertThatThrownBy(() -> Midas.Params.builder().adversaryWeight(-1).build())
        .hasMessage("adversaryWeight must not be negative, got -1.0");
  }

  @Test
  void asksForKnownModalities() {
    var input = SmallMosaic.of(CELLS, true);
    var model = run(input, quick()).model();
    assertThatThrownBy(() -> model.imputed(input, "atac"))
        .hasMessageStartingWith("the model knows no modality 'atac', it has [rna, adt]");
    assertThatThrownBy(() -> model.translated(input, List.of("rna"), "rna"))
        .hasMessageContaining("is among the modalities to translate from");
    assertThatThrownBy(() -> model.translated(input, List.of(), "rna"))
        .hasMessage("name at least one modality to translate from");
  }
}
