package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.files.Tensor;
import org.cellweave.neural.files.TensorFile;
import org.cellweave.neural.module.KeptParts;
import org.cellweave.util.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  private static final int N = 90;
  private static final CellData CELLS = Example.cells(N);

  @TempDir Path folder;

  private static List<CountModel> models() {
    Scvi.Params small = Example.small().useObservedLibSize(false).seed(Long.MAX_VALUE).build();
    return List.of(
        Scvi.of(CELLS, small),
        Scanvi.of(CELLS, Scanvi.Params.of(small, "none")),
        JointEmbeddingScvi.of(CELLS, JointEmbeddingScvi.Params.of(small)),
        LinearScvi.of(CELLS, new LinearScvi.Params(small, true)));
  }

  @Test
  void everyModelComesBackWithAllItKnows() {
    for (CountModel model : models()) {
      Example.trained(model, CELLS, 2);
      Path at = folder.resolve(model.name());
      model.save(at, false);
      CountModel back = ModelFile.load(at);
      assertThat(back).hasSameClassAs(model).hasToString(model.toString());
      assertThat(back.params()).isEqualTo(model.params());
      assertThat(back.geneNames()).isEqualTo(model.geneNames());
      assertThat(back.registry().levels()).isEqualTo(model.registry().levels());
      assertThat(back.history().series())
          .usingRecursiveComparison()
          .isEqualTo(model.history().series());
      assertThat(back.trainIndices()).isEqualTo(model.trainIndices()).isNotEmpty();
      assertThat(back.validationIndices()).isEqualTo(model.validationIndices());
      assertThat(back.evidenceBound(CELLS, 1))
          .usingRecursiveComparison()
          .isEqualTo(model.evidenceBound(CELLS, 1));
      // and can be trained on from there
      Example.trained(model, CELLS, 1);
      Example.trained(back, CELLS, 1);
      assertThat(back.elbo(CELLS, 1)).isEqualTo(model.elbo(CELLS, 1));
      assertThat(back.history().epochs()).isEqualTo(3);
    }
  }

  @Test
  void whatIsKeptOfAReferenceStaysKept() {
    Scvi model = Example.scvi(CELLS, Example.small().build());
    CellData query = Example.cells(N, Example.cycle("lane", N, "x", "z"));
    Scvi made = QueryMapping.loadQueryData(model, query, KeptParts.DEFAULTS);
    made.save(folder, false);
    Scvi back = Scvi.load(folder);
    assertThat(back.reference()).isEqualTo(made.reference());
    Example.trained(back, query, 1);
    Example.trained(made, query, 1);
    assertThat(back.module().parameters().snapshot())
        .usingRecursiveComparison()
        .isEqualTo(made.module().parameters().snapshot());
    Scvi whole = QueryMapping.loadQueryData(model, query, null);
    whole.save(folder.resolve("whole"), false);
    assertThat(Scvi.load(folder.resolve("whole")).reference().kept()).isNull();
  }

  @Test
  void aModelIsOnlyReplacedWhenThatIsSaid() {
    Scvi model = Example.scvi(CELLS, Example.small().build());
    model.save(folder, false);
    assertThatThrownBy(() -> model.save(folder, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds a model already")
        .hasMessageContaining("overwrite = true");
    model.save(folder, true);
    assertThatThrownBy(() -> Scanvi.load(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("holds a model of the kind SCVI");
  }

  @Test
  void foldersWithoutAModelAreToldApart() throws IOException {
    assertThatThrownBy(() -> Scvi.load(folder.resolve("nowhere")))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("does not exist");
    Files.write(folder.resolve("model.pt"), new byte[10]);
    assertThatThrownBy(() -> Scvi.load(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("Python pickle");
    Path blocked = folder.resolve("file");
    Files.writeString(blocked, "x");
    Scvi model = Scvi.of(CELLS, Example.small().build());
    assertThatThrownBy(() -> model.save(blocked.resolve("inside"), false))
        .hasMessageContaining("cannot be made");
  }

  /** Whatever is cut off or changed, the message is one line that names the file. */
  @Test
  void damagedFilesGiveOneLine() throws IOException {
    Scvi model = Example.scvi(CELLS, Example.small().build());
    model.save(folder, false);
    Path file = folder.resolve(ModelFile.FILE);
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 4, 8, 100, whole.length / 2, whole.length - 1}) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      refused(file);
    }
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length + 3));
    refused(file);
    for (int k = 0; k < 300; k++) {
      byte[] changed = whole.clone();
      int at = (int) ((long) whole.length * k / 300);
      changed[at] ^= 0x21;
      Files.write(file, changed);
      refused(file);
    }
    Files.writeString(file, "a text that is no model at all, but longer than eight bytes");
    refused(file);
  }

  private void refused(Path file) {
    assertThatThrownBy(() -> Scvi.load(folder))
        .isInstanceOf(FormatException.class)
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .contains(file.toString())
                    .doesNotContain("\n")
                    .hasSizeLessThan(600));
  }

  private void changed(Map<String, String> texts, String message) {
    Path file = folder.resolve(ModelFile.FILE);
    TensorFile of = TensorFile.read(file);
    Map<String, String> all = new LinkedHashMap<>(of.metadata());
    all.putAll(texts);
    new TensorFile(all, of.tensors()).write(file);
    assertThatThrownBy(() -> ModelFile.load(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
    new TensorFile(of.metadata(), of.tensors()).write(file);
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() {
    Example.scvi(CELLS, Example.small().build()).save(folder, false);
    changed(Map.of("format", "other"), "holds tensors, but is no model");
    changed(Map.of("version", "2"), "has version '2', and only version 1 can be read");
    changed(Map.of("model", "TOTALVI"), "unknown kind 'TOTALVI'");
    changed(Map.of("params", "{}"), "is damaged: 'nHidden' is null");
    changed(Map.of("params", "["), "is damaged: no JSON");
    changed(Map.of("genes", "[\"G0\"]"), "names other genes or batches");
    changed(Map.of("registry", "3"), "has no 'registry' that can be read");
    Path file = folder.resolve(ModelFile.FILE);
    TensorFile of = TensorFile.read(file);
    Map<String, Tensor> fewer = new LinkedHashMap<>(of.tensors());
    fewer.remove("weights/px_r");
    new TensorFile(of.metadata(), fewer).write(file);
    assertThatThrownBy(() -> ModelFile.load(folder))
        .hasMessageContaining("has no weights for px_r (1 x 40)");
    fewer.put("weights/px_r", of.tensors().get("weights/px_r"));
    fewer.put("history/short", Tensor.row(new double[1]));
    new TensorFile(of.metadata(), fewer).write(file);
    assertThatThrownBy(() -> ModelFile.load(folder)).hasMessageContaining("different lengths");
  }

  private void changed(String name, Tensor tensor, String message) {
    Path file = folder.resolve(ModelFile.FILE);
    TensorFile of = TensorFile.read(file);
    Map<String, Tensor> all = new LinkedHashMap<>(of.tensors());
    all.put(name, tensor);
    new TensorFile(of.metadata(), all).write(file);
    assertThatThrownBy(() -> ModelFile.load(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
    of.write(file);
  }

  /** As from a hand that makes the checksum anew. */
  @Test
  void whatWouldTakeMemoryOrGiveNaNIsRefused() {
    Scvi model = Example.scvi(CELLS, Example.small().build());
    model.save(folder, false);
    String params = TensorFile.read(folder.resolve(ModelFile.FILE)).metadata().get("params");
    String about = TensorFile.read(folder.resolve(ModelFile.FILE)).metadata().get("registry");
    changed(Map.of("params", params.replace(":16,", ":2000000000,")), "is damaged: nHidden = 2000");
    changed(Map.of("params", params.replace(":16,", ":500000,")), "weights at least, and it holds");
    changed(
        Map.of("params", params.replace("\"nLayers\":1", "\"nLayers\":100000000")),
        "nLayers must be at most 100");
    changed(
        Map.of("registry", about.replace("\"continuous\":0", "\"continuous\":2000000000")),
        "is damaged");
    changed(
        Map.of(
            "registry", about.replace("\"n_genes\":40", "\"n_genes\":2000000000"), "genes", "null"),
        "is damaged");
    changed(Map.of("registry", about.replace("\"y\"", "\"x\"")), "has a name twice in 'batch'");
    changed(Map.of("registry", about.replace("\"y\"", "3")), "has a name that is no text");
    changed(Map.of("trained", "maybe"), "says neither true nor false of 'trained'");
    changed(Map.of("cells", "3"), "has split cells that are not there");
    float[] weights = model.module().parameters().get("px_r").values().clone();
    weights[7] = Float.NaN;
    changed("weights/px_r", new Tensor(weights, 1, Example.GENES), "NaN or infinite values in 'we");
    changed("log_totals/means", Tensor.row(new double[] {1, Double.NaN}), "NaN or infinite");
    changed("log_totals/variances", Tensor.row(new double[] {1, 0}), "variance of totals");
    changed("split/training", Tensor.row(new int[] {2_000_000_000}), "has split cells");
    changed("split/training", Tensor.row(new int[] {-1}), "has split cells");
    changed("split/training", Tensor.row(new int[] {4, 4}), "or one twice");
    ModelFile.load(folder);
  }

  @Test
  void filesThatNoModelWroteAreLeftAlone() throws IOException {
    Scvi model = Example.scvi(CELLS, Example.small().build());
    Path cells = folder.resolve("cells.h5ad");
    Files.writeString(cells, "mine");
    for (boolean overwrite : new boolean[] {false, true}) {
      assertThatThrownBy(() -> model.save(folder, overwrite, List.of("cells.h5ad")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              cells
                  + " was not saved with a model, and is not replaced. Choose another folder, or"
                  + " move that file away");
    }
    assertThat(folder.resolve(ModelFile.FILE)).doesNotExist();
    model.save(folder, false);
    assertThatThrownBy(() -> model.save(folder, true, List.of("cells.h5ad")))
        .hasMessageContaining("was not saved with a model");
    Files.delete(cells);
    model.save(folder, true, List.of("cells.h5ad"));
    Files.writeString(cells, "the model's");
    model.save(folder, true, List.of("cells.h5ad"));
    Path file = folder.resolve(ModelFile.FILE);
    new TensorFile(Map.of("format", "pt"), Map.of("a", Tensor.row(new float[2]))).write(file);
    byte[] theirs = Files.readAllBytes(file);
    assertThatThrownBy(() -> model.save(folder, true))
        .hasMessageContaining("is no model that was saved here, and is not replaced");
    assertThat(Files.readAllBytes(file)).isEqualTo(theirs);
    Path plain = folder.resolve("plain");
    Files.writeString(plain, "x");
    assertThatThrownBy(() -> model.save(plain, false))
        .hasMessageContaining("cannot be made: a file of that name is there");
  }

  /** So that other programs find the numbers: eight bytes, a JSON object, float32. */
  @Test
  void theFileIsASafetensorsFile() throws IOException {
    Example.scvi(CELLS, Example.small().build()).save(folder, false);
    byte[] bytes = Files.readAllBytes(folder.resolve(ModelFile.FILE));
    int length = (bytes[0] & 0xff) | ((bytes[1] & 0xff) << 8) | ((bytes[2] & 0xff) << 16);
    String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
    assertThat(length % 8).isZero();
    assertThat(header)
        .startsWith("{\"__metadata__\":{\"format\":\"cellweave model\"")
        .contains("\"weights/z_encoder.0.weight\":{\"dtype\":\"F32\",\"shape\":[40,16]");
  }
}
