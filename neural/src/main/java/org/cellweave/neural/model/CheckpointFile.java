package org.cellweave.neural.model;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.cellweave.io.file.FileMessages;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.files.Json;
import org.cellweave.neural.files.Tensor;
import org.cellweave.neural.files.TensorFile;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.train.Checkpoint;
import org.cellweave.neural.train.Checkpoints;
import org.cellweave.neural.train.Training;
import org.cellweave.util.FormatException;

/**
 * The checkpoint of an unfinished training in a folder. It tells which training it is of: model,
 * settings, cells, engine and the weights that it began with; any other one is refused. A training
 * that ends deletes it.
 */
final class CheckpointFile implements Checkpoints {
  static final String FILE = "checkpoint.safetensors";

  private static final String MOMENTS = "moments/";
  private static final String TRAINING = "training";

  private final Path path;
  private final int interval;
  private final Map<String, String> training;

  private CheckpointFile(Path path, int interval, Map<String, String> training) {
    this.path = path;
    this.interval = interval;
    this.training = training;
  }

  /** Of a training that is about to begin, or to go on. */
  static CheckpointFile of(CountModel model, CellData cells, Training settings, String engine) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("model", model.name() + " " + model.params());
    about.put("settings", settings.toBuilder().checkpoint(null).build().toString());
    about.put("engine", engine);
    about.put("cells", cells.nCells() + " x " + cells.nGenes() + " " + sum(cells));
    about.put("first weights", sum(model));
    Training.CheckpointFolder in = settings.checkpoint();
    return new CheckpointFile(in.folder().resolve(FILE), in.everyNEpochs(), about);
  }

  /** A checksum of totals and codes, which other cells will not have. */
  private static String sum(CellData cells) {
    CRC32C sum = new CRC32C();
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES + Integer.BYTES);
    for (int i = 0; i < cells.nCells(); i++) {
      bytes.clear();
      bytes.putDouble(cells.library(i)).putInt(cells.categories(Registry.BATCH).code(i));
      sum.update(bytes.flip());
    }
    return Long.toHexString(sum.getValue());
  }

  private static String sum(CountModel model) {
    CRC32C sum = new CRC32C();
    for (Parameter p : model.module().parameters().all()) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(p.values().length, Float.BYTES));
      bytes.asFloatBuffer().put(p.values());
      sum.update(bytes);
    }
    return Long.toHexString(sum.getValue());
  }

  @Override
  public int interval() {
    return interval;
  }

  @Override
  public Checkpoint latest() {
    if (!Files.exists(path)) {
      return null;
    }
    TensorFile file = TensorFile.read(path);
    checkTraining(file);
    Map<String, float[]> weights = new LinkedHashMap<>();
    Map<String, float[]> moments = new LinkedHashMap<>();
    file.tensors()
        .forEach(
            (name, tensor) -> {
              if (tensor.values() instanceof float[] values) {
                boolean isWeight = name.startsWith(ModelFile.WEIGHTS);
                String prefix = isWeight ? ModelFile.WEIGHTS : MOMENTS;
                (isWeight ? weights : moments).put(name.substring(prefix.length()), values);
              }
            });
    try {
      return new Checkpoint(
          Integer.parseInt(file.metadata().get("epochs")),
          Long.parseLong(file.metadata().get("steps")),
          Double.parseDouble(file.metadata().get("rate")),
          (double[]) file.tensors().get("watches").values(),
          weights,
          moments,
          ModelFile.history(file));
    } catch (RuntimeException e) {
      throw new FormatException(
          FileMessages.shown(path) + " is damaged. Delete it to train from the start", e);
    }
  }

  private void checkTraining(TensorFile file) {
    Object found = null;
    try {
      found = Json.read(file.metadata().getOrDefault(TRAINING, "null"));
    } catch (IllegalArgumentException e) {
      // said below
    }
    if (!(found instanceof Map<?, ?> theirs)) {
      throw new FormatException(
          FileMessages.shown(path) + " is no checkpoint. Choose another folder");
    }
    List<String> other =
        training.keySet().stream().filter(k -> !training.get(k).equals(theirs.get(k))).toList();
    if (!other.isEmpty()) {
      throw new IllegalArgumentException(
          FileMessages.shown(path)
              + " is the checkpoint of a training that differs in "
              + String.join(", ", other)
              + ". Repeat that training to finish it, delete the file, or choose another folder");
    }
  }

  @Override
  public void keep(Checkpoint of) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(TRAINING, Json.write(new LinkedHashMap<>(training)));
    texts.put("epochs", Integer.toString(of.epochs()));
    texts.put("steps", Long.toString(of.steps()));
    texts.put("rate", Double.toString(of.rate()));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("watches", Tensor.row(of.watches()));
    of.weights().forEach((n, v) -> tensors.put(ModelFile.WEIGHTS + n, Tensor.row(v)));
    of.moments().forEach((n, v) -> tensors.put(MOMENTS + n, Tensor.row(v)));
    of.history().series().forEach((n, v) -> tensors.put(ModelFile.HISTORY + n, Tensor.row(v)));
    ModelFile.makeFolder(path.toAbsolutePath().getParent());
    new TensorFile(texts, tensors).write(path);
  }

  @Override
  public void finish() {
    try {
      Files.deleteIfExists(path);
    } catch (java.io.IOException e) {
      // the next training says that it is of another one
    }
  }
}
