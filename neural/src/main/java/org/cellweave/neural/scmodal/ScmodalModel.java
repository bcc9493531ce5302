package org.cellweave.neural.scmodal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.neural.files.Tensor;
import org.cellweave.neural.fused.Steps;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.ShapeMismatchException;

/**
 * Trained networks: places cells in latent space and says what they would be as cells of another
 * set. Cells are handled in minibatches.
 */
public final class ScmodalModel {
  private static final int CELLS = 512;
  private static final String MEAN = "mean.";
  private static final String STD = "std.";

  private final List<String> names;
  private final List<Scaling> scalings;
  private final Networks networks;
  private final Scmodal.Params params;

  ScmodalModel(
      List<String> names, List<Scaling> scalings, Networks networks, Scmodal.Params params) {
    this.names = List.copyOf(names);
    this.scalings = List.copyOf(scalings);
    this.networks = networks;
    this.params = params;
  }

  /**
   * Networks that were trained before.
   *
   * @param tensors as {@link #tensors} gives them; copied
   * @throws IllegalArgumentException when one is missing or of another size
   */
  public static ScmodalModel of(
      List<String> names, Scmodal.Params params, Map<String, Tensor> tensors) {
    List<Scaling> scalings = new ArrayList<>();
    int[] features = new int[names.size()];
    for (int s = 0; s < features.length; s++) {
      double[] mean = taken(tensors, MEAN + s, double[].class);
      double[] std = taken(tensors, STD + s, double[].class);
      Check.sameLength(std.length, mean.length, STD + s, "the number of means");
      scalings.add(new Scaling(mean.clone(), std.clone()));
      features[s] = mean.length;
      // before memory is taken for what parameters call for
      long hidden = params.nHidden();
      requireSize(tensors, "encoder." + s + ".0.weight", hidden * mean.length);
      requireSize(tensors, "encoder." + s + ".1.weight", hidden * params.nLatent());
      if (s > 0) {
        requireSize(tensors, "discriminator." + (s - 1) + ".1.weight", hidden * hidden);
      }
    }
    var networks = new Networks(features, params.nHidden(), params.nLatent(), params.seed());
    Map<String, float[]> weights = new LinkedHashMap<>();
    for (Parameter p : networks.parameters().all()) {
      weights.put(p.name(), taken(tensors, p.name(), float[].class));
    }
    networks.parameters().restore(weights);
    return new ScmodalModel(names, scalings, networks, params);
  }

  private static void requireSize(Map<String, Tensor> tensors, String name, long size) {
    int found = taken(tensors, name, float[].class).length;
    if (found != size) {
      throw new IllegalArgumentException(
          "tensor '" + name + "' of " + size + " weights expected, got " + found);
    }
  }

  private static <T> T taken(Map<String, Tensor> tensors, String name, Class<T> type) {
    Tensor found = tensors.get(name);
    if (found == null || !type.isInstance(found.values())) {
      throw new IllegalArgumentException(
          "tensor '"
              + name
              + "' expected, a "
              + type.getSimpleName()
              + "; there are "
              + tensors.keySet());
    }
    return type.cast(found.values());
  }

  /** All weights, and means and deviations of features; not copied. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> out = new LinkedHashMap<>();
    for (int s = 0; s < names.size(); s++) {
      out.put(MEAN + s, Tensor.row(scalings.get(s).mean()));
      out.put(STD + s, Tensor.row(scalings.get(s).std()));
    }
    for (Parameter p : networks.parameters().all()) {
      out.put(p.name(), new Tensor(p.values(), p.rows(), p.cols()));
    }
    return out;
  }

  /**
   * Writes or replaces a file of tensors, which other programs can read as well.
   *
   * @throws java.io.UncheckedIOException when the disk refuses
   */
  public void save(Path file) {
    ScmodalFile.save(this, file);
  }

  /**
   * @throws org.cellweave.util.FormatException when the file is missing, damaged or something else
   */
  public static ScmodalModel load(Path file) {
    return ScmodalFile.load(file);
  }

  /** What values are given in. */
  public enum Scale {
    /** As the networks see them: mean 0 and deviation 1 where they were trained to scale. */
    SCALED,
    /** As the values that the set of these features was given in. */
    LOG
  }

  /** Names of the sets. */
  public List<String> names() {
    return names;
  }

  public Scmodal.Params params() {
    return params;
  }

  /** Features of a set. */
  public int features(String set) {
    return scalings.get(at(set)).mean().length;
  }

  /**
   * Latent places.
   *
   * @param set of which the cells are
   * @param x cells by its features, in the values that it was trained on
   * @return cells by dimensions, float32
   */
  public DenseMatrix latent(String set, Matrix x) {
    return through(set, x, null);
  }

  /**
   * Cells of one set as cells of another, or of their own.
   *
   * @param from set of which the cells are
   * @param x cells by its features, in the values that it was trained on
   * @param to set whose features are asked for
   * @return cells by features of {@code to}, float32
   * @throws IllegalArgumentException for {@link Scale#LOG} of networks trained without {@code
   *     scale}, which do not know it
   */
  public DenseMatrix imputed(String from, Matrix x, String to, Scale scale) {
    int target = at(to);
    if (scale == Scale.LOG && !params.scale()) {
      throw new IllegalArgumentException(
          "these networks were trained with scale = false, so that values are of the scale that was"
              + " given; ask for SCALED");
    }
    DenseMatrix out = through(from, x, target);
    if (scale == Scale.LOG) {
      backTo(scalings.get(target), out.floatData());
    }
    return out;
  }

  private static void backTo(Scaling scaling, float[] values) {
    int p = scaling.mean().length;
    Parallel.forRange(
        values.length / p,
        CELLS,
        (first, last) -> {
          for (int i = first; i < last; i++) {
            for (int j = 0; j < p; j++) {
              double v = values[i * p + j];
              values[i * p + j] = (float) (v * scaling.std()[j] + scaling.mean()[j]);
            }
          }
        });
  }

  private int at(String set) {
    int at = names.indexOf(set);
    if (at < 0) {
      throw new IllegalArgumentException(
          "no set is called '"
              + set
              + "'; there are "
              + names
              + "."
              + Check.suggestion(set, names));
    }
    return at;
  }

  /**
   * @param to null for latent places
   */
  private DenseMatrix through(String from, Matrix x, Integer to) {
    int set = at(from);
    int p = features(from);
    if (x.nCols() != p) {
      throw new ShapeMismatchException(
          "'" + from + "' has " + p + " features, but the cells have " + x.nCols());
    }
    Finite.require(x, from, "scmodal");
    var rows = new ScaledRows(x, scalings.get(set));
    int width = to == null ? params.nLatent() : scalings.get(to).mean().length;
    var out = DenseMatrix.zeros(x.nRows(), width, DType.FLOAT32);
    float[] batch = new float[CELLS * p];
    double[] row = new double[width];
    try (var steps = new Steps(Optimizer.DEFAULTS)) {
      for (int first = 0; first < x.nRows(); first += CELLS) {
        Parallel.checkInterrupted();
        int begin = first;
        int n = Math.min(CELLS, x.nRows() - first);
        rows.read(null, begin, n, batch);
        steps.evaluate(
            Noise.of(params.seed(), 0),
            tape -> {
              Node h = networks.encode(tape, set, tape.values(n, p, batch));
              float[] values = tape.read(to == null ? h : networks.decode(tape, to, h));
              for (int i = 0; i < n; i++) {
                for (int j = 0; j < width; j++) {
                  row[j] = values[i * width + j];
                }
                out.setRow(begin + i, row);
              }
            });
      }
    }
    return out;
  }
}
