package org.cellweave.neural.model;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.cellweave.io.file.FileMessages;
import org.cellweave.io.file.ReplacedFile;
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
  private static final int WATCHES = 4;
  private static final String TRAINING = "training";

  private final Path path;
  private final int interval;
  private final int epochs;
  private final Map<String, String> training;

  private CheckpointFile(Path path, int interval, int epochs, Map<String, String> training) {
    this.path = path;
    this.interval = interval;
    this.epochs = epochs;
    this.training = training;
  }

  /** Of a training that is about to begin, or to go on. */
  static CheckpointFile of(CountModel model, CellData cells, Training settings, String engine) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("model", model.name() + " " + model.params());
    about.put("settings", settings.toBuilder().checkpoint(null).build().toString());
    about.put("engine", engine);
    about.put("cells", cells.nCells() + " x " + cells.nGenes());
    about.putAll(cells.fingerprint().parts());
    about.put("reference", told(model.reference()));
    about.put("first weights", sum(model));
    Training.CheckpointFolder in = settings.checkpoint();
    ModelFile.makeFolder(in.folder());
    Path path = in.folder().resolve(FILE);
    // what cannot be written is refused before an epoch was trained in vain
    ReplacedFile.at(path).close();
    return new CheckpointFile(path, in.everyNEpochs(), settings.maxEpochs(), about);
  }

  private static String told(Reference reference) {
    return reference == null ? "" : new TreeMap<>(reference.known()) + " " + reference.kept();
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
    file.requireFinite(path, ModelFile.WEIGHTS, MOMENTS);
    try {
      checkNames(file);
      return checked(
          new Checkpoint(
              Integer.parseInt(file.metadata().get("epochs")),
              Long.parseLong(file.metadata().get("steps")),
              Double.parseDouble(file.metadata().get("rate")),
              (double[]) file.tensors().get("watches").values(),
              named(file, ModelFile.WEIGHTS),
              named(file, MOMENTS),
              ModelFile.history(file)));
    } catch (RuntimeException e) {
      throw new FormatException(
          FileMessages.shown(path) + " is damaged. Delete it to train from the start", e);
    }
  }

  /** A tensor of another name would be one that is missing under its own. */
  private static void checkNames(TensorFile file) {
    long moments = Long.parseLong(file.metadata().get("moments"));
    for (String name : file.tensors().keySet()) {
      boolean isMoment = name.startsWith(MOMENTS);
      moments -= isMoment ? 1 : 0;
      if (!isMoment
          && !name.startsWith(ModelFile.WEIGHTS)
          && !name.startsWith(ModelFile.HISTORY)
          && !name.equals("watches")) {
        throw new IllegalArgumentException("a tensor that no checkpoint has, " + name);
      }
    }
    if (moments != 0) {
      throw new IllegalArgumentException("moments are missing");
    }
  }

  /** Tensors whose name begins with that, by the rest of it. */
  private static Map<String, float[]> named(TensorFile file, String beginning) {
    Map<String, float[]> out = new LinkedHashMap<>();
    file.tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(beginning)) {
                out.put(name.substring(beginning.length()), (float[]) tensor.values());
              }
            });
    return out;
  }

  private Checkpoint checked(Checkpoint of) {
    double[] watches = of.watches();
    boolean waits =
        watches.length == WATCHES
            && watches[1] >= 0
            && watches[3] >= 0
            && !Double.isNaN(watches[0] + watches[2]);
    if (!(of.epochs() > 0 && of.epochs() < epochs && of.epochs() == of.history().epochs())
        || of.steps() < of.epochs()
        || !(of.rate() > 0 && Double.isFinite(of.rate()))
        || !waits) {
      throw new IllegalArgumentException("numbers that no training has");
    }
    return of;
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
    texts.put("moments", Integer.toString(of.moments().size()));
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
