package org.cellweave.neural.midas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.io.file.FileMessages;
import org.cellweave.neural.files.Json;
import org.cellweave.neural.files.RecordText;
import org.cellweave.neural.files.Tensor;
import org.cellweave.neural.files.TensorFile;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.Parameters;
import org.cellweave.neural.train.History;
import org.cellweave.util.FormatException;

/**
 * A model in a folder: one file of the same format as other models here, of the kind {@value
 * #KIND}. Nothing of it is executed.
 */
final class MidasFile {
  /** The file in the folder of a model. */
  static final String FILE = "model.safetensors";

  static final String KIND = "MIDAS";

  private static final String FORMAT = "cellweave model";
  private static final String VERSION = "1";
  private static final String NOTES = "notes/";
  private static final String WEIGHTS = "weights/";
  private static final String HISTORY = "history/";

  private MidasFile() {}

  static void save(TrainedMidas model, Path folder, boolean overwrite) {
    Path path = folder.resolve(FILE);
    if (Files.exists(path)) {
      if (!overwrite) {
        throw new IllegalArgumentException(
            FileMessages.shown(folder)
                + " holds a model already. Choose another folder, or overwrite = true");
      }
      // what was not saved here is not replaced
      new Loading(path, TensorFile.readTexts(path)).requireKind();
    }
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
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter p : model.network().all()) {
      tensors.put(WEIGHTS + p.name(), new Tensor(p.values(), p.rows(), p.cols()));
    }
    model.history().series().forEach((n, of) -> tensors.put(HISTORY + n, Tensor.row(of)));
    new TensorFile(texts(model), tensors).write(path);
  }

  private static Map<String, String> texts(TrainedMidas model) {
    Map<String, String> out = new LinkedHashMap<>();
    out.put("format", FORMAT);
    out.put("version", VERSION);
    out.put("model", KIND);
    out.put("params", Json.write(RecordText.write(model.params())));
    Network.Shape shape = model.network().shape();
    List<Object> modalities = new ArrayList<>();
    for (int m = 0; m < shape.modalities().size(); m++) {
      Modality of = shape.modalities().get(m);
      Map<String, Object> about = new LinkedHashMap<>();
      about.put("name", of.name());
      about.put("likelihood", of.likelihood().name());
      about.put("features", List.of(of.features()));
      about.put("batches", shape.having().get(m));
      modalities.add(about);
    }
    out.put("modalities", Json.write(modalities));
    out.put("batches", Json.write(shape.batches()));
    model.notes().forEach((name, text) -> out.put(NOTES + name, text));
    return out;
  }

  static TrainedMidas load(Path folder) {
    Path path = folder.resolve(FILE);
    TensorFile file = TensorFile.read(path);
    file.requireFinite(path, WEIGHTS);
    var loading = new Loading(path, file.metadata());
    loading.requireKind();
    try {
      return loading.model(file);
    } catch (FormatException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new FormatException(FileMessages.shown(path) + " is damaged: " + e.getMessage(), e);
    }
  }

  /** One file being made a model. */
  private record Loading(Path path, Map<String, String> texts) {
    private FormatException bad(String problem) {
      return new FormatException(FileMessages.shown(path) + " " + problem);
    }

    void requireKind() {
      if (!FORMAT.equals(texts.get("format")) || !KIND.equals(texts.get("model"))) {
        throw bad("is no " + KIND + " model that was saved here. Choose another folder");
      }
      if (!VERSION.equals(texts.get("version"))) {
        throw bad("has version " + texts.get("version") + "; this program reads " + VERSION);
      }
    }

    private String text(String name) {
      String found = texts.get(name);
      if (found == null) {
        throw bad("lacks '" + name + "'; it is damaged");
      }
      return found;
    }

    private List<String> names(Object of) {
      List<String> out = new ArrayList<>();
      ((List<?>) of).forEach(name -> out.add((String) name));
      return List.copyOf(out);
    }

    private Network.Shape shape() {
      List<Modality> modalities = new ArrayList<>();
      List<List<String>> having = new ArrayList<>();
      for (Object entry : (List<?>) Json.read(text("modalities"))) {
        Map<?, ?> of = (Map<?, ?>) entry;
        String name = (String) of.get("name");
        String[] features = names(of.get("features")).toArray(new String[0]);
        var likelihood = Modality.Likelihood.valueOf((String) of.get("likelihood"));
        modalities.add(
            likelihood == Modality.Likelihood.BERNOULLI
                ? Modality.regions(name, features)
                : Modality.counts(name, features, likelihood));
        having.add(names(of.get("batches")));
      }
      return new Network.Shape(modalities, names(Json.read(text("batches"))), having);
    }

    TrainedMidas model(TensorFile file) {
      var params = RecordText.read(Midas.Params.class, Json.read(text("params")));
      Network network = new Network(shape(), params);
      take(file, network.encoding());
      take(file, network.judging());
      Map<String, double[]> series = new LinkedHashMap<>();
      file.tensors()
          .forEach(
              (name, tensor) -> {
                if (name.startsWith(HISTORY)) {
                  series.put(name.substring(HISTORY.length()), (double[]) tensor.values());
                }
              });
      var model = new TrainedMidas(network, params, History.of(series));
      texts.forEach(
          (name, of) -> {
            if (name.startsWith(NOTES)) {
              model.notes().put(name.substring(NOTES.length()), of);
            }
          });
      return model;
    }

    private void take(TensorFile file, Parameters into) {
      for (Parameter p : into.all()) {
        Tensor of = file.tensors().get(WEIGHTS + p.name());
        if (of == null || !of.isFloatMatrix(p.rows(), p.cols())) {
          throw bad("has no weights for " + p + "; it is damaged");
        }
        System.arraycopy((float[]) of.values(), 0, p.values(), 0, p.values().length);
      }
    }
  }
}
