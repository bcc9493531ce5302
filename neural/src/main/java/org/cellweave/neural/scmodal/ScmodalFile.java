package org.cellweave.neural.scmodal;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.io.file.FileMessages;
import org.cellweave.neural.files.Json;
import org.cellweave.neural.files.RecordText;
import org.cellweave.neural.files.TensorFile;
import org.cellweave.util.FormatException;

/** Trained networks as a file of tensors, with names and parameters as JSON beside them. */
final class ScmodalFile {
  private static final String FORMAT = "cellweave scmodal";
  private static final String VERSION = "1";

  private ScmodalFile() {}

  static void save(ScmodalModel model, Path path) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("format", FORMAT);
    texts.put("version", VERSION);
    texts.put("sets", Json.write(model.names()));
    texts.put("params", Json.write(RecordText.write(model.params())));
    new TensorFile(texts, model.tensors()).write(path);
  }

  static ScmodalModel load(Path path) {
    TensorFile file = TensorFile.read(path);
    Map<String, String> texts = file.metadata();
    if (!FORMAT.equals(texts.get("format"))) {
      throw bad(path, "holds tensors, but no networks of scmodal", null);
    }
    if (!VERSION.equals(texts.get("version"))) {
      throw bad(
          path, "has version " + texts.get("version") + ", this program reads " + VERSION, null);
    }
    file.requireFinite(path, "");
    try {
      List<?> names = (List<?>) Json.read(texts.getOrDefault("sets", "[]"));
      Object params = Json.read(texts.getOrDefault("params", "{}"));
      return ScmodalModel.of(
          names.stream().map(String::valueOf).toList(),
          RecordText.read(Scmodal.Params.class, params),
          file.tensors());
    } catch (IllegalArgumentException | ClassCastException e) {
      throw bad(path, "is damaged: " + e.getMessage(), e);
    }
  }

  private static FormatException bad(Path path, String problem, Throwable cause) {
    var out = new FormatException(FileMessages.shown(path) + " " + problem);
    if (cause != null) {
      out.initCause(cause);
    }
    return out;
  }
}
