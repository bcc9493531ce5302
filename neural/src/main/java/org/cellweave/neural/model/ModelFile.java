package org.cellweave.neural.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.cellweave.io.file.FileMessages;
import org.cellweave.neural.data.CellData.LogTotals;
import org.cellweave.neural.data.Split;
import org.cellweave.neural.files.Json;
import org.cellweave.neural.files.RecordText;
import org.cellweave.neural.files.Tensor;
import org.cellweave.neural.files.TensorFile;
import org.cellweave.neural.module.KeptParts;
import org.cellweave.neural.module.VaeShape;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.Parameters;
import org.cellweave.neural.train.History;
import org.cellweave.util.FormatException;
import org.cellweave.util.Quoted;

/**
 * A model in a folder: {@value #FILE}, which other programs can read as well. Tensors are {@code
 * weights/NAME} as the network calls them, {@code history/NAME}, {@code split/training} and {@code
 * split/validation}, and means and variances of the logarithms of totals by batch. Texts are JSON:
 * the kind of model, its parameters, genes, levels of covariates, and the reference that it was
 * made from. Nothing of it is executed.
 */
public final class ModelFile {
  /** The file in the folder of a model. */
  public static final String FILE = "model.safetensors";

  static final String NOTES = "notes/";
  static final String WEIGHTS = "weights/";
  static final String HISTORY = "history/";

  private static final String LOG_TOTALS = "log_totals/";

  private static final String BESIDE = "beside";
  private static final String FORMAT = "cellweave model";
  private static final long VERSION = 1;

  private ModelFile() {}

  /**
   * @param overwrite whether a model that lies there may be replaced
   * @param beside names of files that are written there afterwards
   * @throws IllegalArgumentException when one lies there and may not, or a file lies there that no
   *     model wrote
   */
  static void save(CountModel model, Path folder, boolean overwrite, List<String> beside) {
    Path file = folder.resolve(FILE);
    boolean replaces = Files.exists(file);
    if (replaces && !overwrite) {
      throw new IllegalArgumentException(
          FileMessages.shown(folder)
              + " holds a model already. Choose another folder, or overwrite = true");
    }
    Object before = replaces ? besideModel(file) : List.of();
    for (String name : beside) {
      boolean own = before instanceof List<?> names && names.contains(name);
      if (!own && Files.exists(folder.resolve(name))) {
        throw notOurs(folder.resolve(name), "was not saved with a model");
      }
    }
    makeFolder(folder);
    Map<String, String> texts = texts(model);
    if (!beside.isEmpty()) {
      texts.put(BESIDE, Json.write(beside));
    }
    new TensorFile(texts, tensors(model)).write(file);
  }

  /** Names of the files that were saved with a model; a file that is no model is left alone. */
  private static Object besideModel(Path file) {
    try {
      Map<String, String> texts = TensorFile.readTexts(file);
      if (FORMAT.equals(texts.get("format"))) {
        return Json.read(texts.getOrDefault(BESIDE, "[]"));
      }
    } catch (FormatException | IllegalArgumentException e) {
      // said below
    }
    throw notOurs(file, "is no model that was saved here");
  }

  private static IllegalArgumentException notOurs(Path file, String why) {
    return new IllegalArgumentException(
        FileMessages.shown(file)
            + " "
            + why
            + ", and is not replaced. Choose another folder, or move that file away");
  }

  static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the folder "
              + FileMessages.shown(folder)
              + " cannot be made: "
              + FileMessages.whyNotWritten(e),
          e);
    }
  }

  private static Map<String, String> texts(CountModel model) {
    Registry registry = model.registry();
    Map<String, String> out = new LinkedHashMap<>();
    out.put("format", FORMAT);
    out.put("version", Long.toString(VERSION));
    out.put("model", model.name());
    out.put("params", Json.write(RecordText.write(model.params())));
    out.put("trained", Boolean.toString(model.isTrained()));
    out.put("cells", Integer.toString(model.state().cells()));
    out.put("genes", Json.write(registry.genes() == null ? null : List.of(registry.genes())));
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("n_genes", (long) registry.nGenes());
    about.put("levels", new LinkedHashMap<>(registry.levels()));
    about.put("unlabelled", registry.unlabelled());
    about.put("continuous", (long) registry.continuous());
    about.put("size_factors", registry.sizeFactors());
    out.put("registry", Json.write(about));
    model.notes().forEach((name, text) -> out.put(NOTES + name, text));
    Reference reference = model.reference();
    if (reference != null) {
      Map<String, Object> of = new LinkedHashMap<>();
      of.put("known", new LinkedHashMap<>(reference.known()));
      of.put("kept", reference.kept() == null ? null : RecordText.write(reference.kept()));
      out.put("reference", Json.write(of));
    }
    return out;
  }

  private static Map<String, Tensor> tensors(CountModel model) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    for (Parameter p : model.module().parameters().all()) {
      out.put(WEIGHTS + p.name(), new Tensor(p.values(), p.rows(), p.cols()));
    }
    var logTotals = model.registry().logTotals();
    out.put(LOG_TOTALS + "means", Tensor.row(logTotals.means()));
    out.put(LOG_TOTALS + "variances", Tensor.row(logTotals.variances()));
    out.put("split/training", Tensor.row(model.state().split().training()));
    out.put("split/validation", Tensor.row(model.state().split().validation()));
    model.history().series().forEach((name, of) -> out.put(HISTORY + name, Tensor.row(of)));
    return out;
  }

  /**
   * The model of a folder, whatever its kind.
   *
   * @throws FormatException when there is none, or the file is damaged; one line that names it
   */
  public static CountModel load(Path folder) {
    Path path = folder.resolve(FILE);
    if (!Files.exists(path) && Files.exists(folder.resolve("model.pt"))) {
      throw new FormatException(
          FileMessages.shown(folder)
              + " holds a model.pt of scvi-tools, a Python pickle that could execute anything and"
              + " is not read. Train the model here, and save() it");
    }
    TensorFile file = TensorFile.read(path);
    return new Loading(path, file).model();
  }

  /** As {@link #load(Path)}, of one kind. */
  static <M extends CountModel> M load(Path folder, Class<M> kind) {
    CountModel model = load(folder);
    if (!kind.isInstance(model)) {
      throw new FormatException(
          FileMessages.shown(folder)
              + " holds a model of the kind "
              + model.name()
              + "; load it by that name");
    }
    return kind.cast(model);
  }

  /** One file being made a model. */
  private record Loading(Path path, TensorFile file) {
    FormatException bad(String problem) {
      return new FormatException(FileMessages.shown(path) + " " + problem);
    }

    CountModel model() {
      if (!FORMAT.equals(file.metadata().get("format"))) {
        throw bad("holds tensors, but is no model that was saved here");
      }
      String version = text("version");
      if (!version.equals(Long.toString(VERSION))) {
        throw bad(
            "has version "
                + Quoted.of(version)
                + ", and only version "
                + VERSION
                + " can be read. A newer Cellweave wrote it");
      }
      file.requireFinite(path, WEIGHTS, LOG_TOTALS);
      try {
        CountModel model = make(text("model"), json("params"), registry());
        weights(model.module().parameters());
        if (file.metadata().containsKey("reference")) {
          model.reference(reference(map(json("reference"), "reference")));
        }
        model.state(state());
        model.notes(notes());
        return model;
      } catch (IllegalArgumentException e) {
        throw bad("is damaged: " + e.getMessage());
      }
    }

    private CountModel.State state() {
      var split = new Split(ints("split/training"), ints("split/validation"));
      int[] all =
          IntStream.concat(Arrays.stream(split.training()), Arrays.stream(split.validation()))
              .sorted()
              .toArray();
      // other programs may leave the number out where they split all cells
      String cells = file.metadata().getOrDefault("cells", Integer.toString(all.length));
      int n = cells.matches("\\d{1,9}") ? Integer.parseInt(cells) : 0;
      for (int k = 0; k < all.length; k++) {
        if (all[k] < 0 || all[k] >= n || (k > 0 && all[k] == all[k - 1])) {
          throw bad("has split cells that are not there, or one twice; it is damaged");
        }
      }
      String trained = text("trained");
      if (!trained.equals("true") && !trained.equals("false")) {
        throw bad("says neither true nor false of 'trained'; it is damaged");
      }
      return new CountModel.State(history(file), split, n, trained.equals("true"));
    }

    private CountModel make(String kind, Object params, Registry registry) {
      return switch (kind) {
        case Scvi.NAME -> {
          var of = RecordText.read(Scvi.Params.class, params);
          requireWeights(of.shape(registry));
          yield Scvi.of(of, registry);
        }
        case Scanvi.NAME -> {
          var of = RecordText.read(Scanvi.Params.class, params);
          requireWeights(of.scvi().shape(registry));
          yield Scanvi.of(of, registry);
        }
        case LinearScvi.NAME -> {
          var of = RecordText.read(LinearScvi.Params.class, params);
          requireWeights(of.scvi().shape(registry, true, of.bias()));
          yield LinearScvi.of(of, registry);
        }
        case JointEmbeddingScvi.NAME -> {
          var of = RecordText.read(JointEmbeddingScvi.Params.class, params);
          requireWeights(of.scvi().shape(registry));
          yield JointEmbeddingScvi.of(of, registry);
        }
        default -> throw bad("holds a model of the unknown kind " + Quoted.of(kind));
      };
    }

    /** Before memory is taken for them: the file must hold what its parameters call for. */
    private void requireWeights(VaeShape shape) {
      double held = 0;
      for (var entry : file.tensors().entrySet()) {
        if (entry.getKey().startsWith(WEIGHTS) && entry.getValue().values() instanceof float[] v) {
          held += v.length;
        }
      }
      if (held < shape.leastWeights()) {
        throw bad(
            String.format(
                java.util.Locale.ROOT,
                "is damaged: its parameters call for %.0f weights at least, and it holds %.0f",
                shape.leastWeights(),
                held));
      }
    }

    private String text(String name) {
      String found = file.metadata().get(name);
      if (found == null) {
        throw bad("lacks '" + name + "'; it is damaged");
      }
      return found;
    }

    private Map<String, String> notes() {
      Map<String, String> out = new LinkedHashMap<>();
      file.metadata()
          .forEach(
              (name, text) -> {
                if (name.startsWith(NOTES)) {
                  out.put(name.substring(NOTES.length()), text);
                }
              });
      return out;
    }

    private Object json(String name) {
      return Json.read(text(name));
    }

    private Map<?, ?> map(Object of, String name) {
      if (of instanceof Map<?, ?> map) {
        return map;
      }
      throw bad("has no '" + name + "' that can be read; it is damaged");
    }

    private Registry registry() {
      Map<?, ?> about = map(json("registry"), "registry");
      int genes = number(about, "n_genes");
      Object names = json("genes");
      String[] geneNames = names == null ? null : names(names).toArray(String[]::new);
      Map<String, List<String>> levels = new LinkedHashMap<>();
      map(about.get("levels"), "levels").forEach((key, of) -> levels.put((String) key, names(of)));
      double[] means = doubles(LOG_TOTALS + "means");
      double[] variances = doubles(LOG_TOTALS + "variances");
      List<String> batches = levels.get(Registry.BATCH);
      boolean fits =
          (geneNames == null || geneNames.length == genes)
              && batches != null
              && !batches.isEmpty()
              && batches.size() == means.length
              && means.length == variances.length;
      if (!fits) {
        throw bad("names other genes or batches than it has numbers for; it is damaged");
      }
      levels.forEach(this::requireDistinct);
      if (geneNames != null) {
        requireDistinct("genes", List.of(geneNames));
      }
      if (Arrays.stream(variances).anyMatch(v -> !(v > 0))) {
        throw bad("has a variance of totals that is not positive; it is damaged");
      }
      Object unlabelled = about.get("unlabelled");
      return new Registry(
          geneNames,
          genes,
          levels,
          unlabelled instanceof String none ? none : null,
          number(about, "continuous"),
          Boolean.TRUE.equals(about.get("size_factors")),
          new LogTotals(means, variances));
    }

    private int number(Map<?, ?> of, String name) {
      if (of.get(name) instanceof Long n && n >= 0 && n <= Integer.MAX_VALUE) {
        return n.intValue();
      }
      throw bad("has no number '" + name + "'; it is damaged");
    }

    private List<String> names(Object of) {
      List<String> out = new ArrayList<>();
      for (Object name : of instanceof List<?> list ? list : List.of()) {
        if (!(name instanceof String text)) {
          throw bad("has a name that is no text, " + name + "; it is damaged");
        }
        out.add(text);
      }
      return List.copyOf(out);
    }

    private void requireDistinct(String key, List<String> names) {
      if (Set.copyOf(names).size() < names.size()) {
        throw bad("has a name twice in '" + key + "'; it is damaged");
      }
    }

    private Reference reference(Map<?, ?> of) {
      Map<String, Integer> known = new LinkedHashMap<>();
      map(of.get("known"), "known")
          .keySet()
          .forEach(
              key -> known.put((String) key, number(map(of.get("known"), "known"), (String) key)));
      Object kept = of.get("kept");
      return new Reference(known, kept == null ? null : RecordText.read(KeptParts.class, kept));
    }

    private void weights(Parameters into) {
      Map<String, float[]> values = new LinkedHashMap<>();
      for (Parameter p : into.all()) {
        Tensor tensor = file.tensors().get(WEIGHTS + p.name());
        if (tensor == null || !tensor.isFloatMatrix(p.rows(), p.cols())) {
          throw bad("has no weights for " + p + "; it is damaged");
        }
        values.put(p.name(), (float[]) tensor.values());
      }
      into.restore(values);
    }

    private int[] ints(String name) {
      return values(name, int[].class);
    }

    private double[] doubles(String name) {
      return values(name, double[].class);
    }

    private <T> T values(String name, Class<T> type) {
      Tensor found = file.tensors().get(name);
      if (found == null || !type.isInstance(found.values())) {
        throw bad("lacks '" + name + "'; it is damaged");
      }
      return type.cast(found.values());
    }
  }

  /** The series of a file; of one length. */
  static History history(TensorFile file) {
    Map<String, double[]> series = new LinkedHashMap<>();
    file.tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(HISTORY) && tensor.values() instanceof double[] values) {
                series.put(name.substring(HISTORY.length()), values);
              }
            });
    if (series.values().stream().mapToInt(v -> v.length).distinct().count() > 1) {
      throw new IllegalArgumentException("its history has series of different lengths");
    }
    return History.of(series);
  }
}
