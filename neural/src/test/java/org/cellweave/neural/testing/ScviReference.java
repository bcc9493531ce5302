package org.cellweave.neural.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.data.MatrixRows;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameters;
import org.cellweave.neural.nn.View;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.SharedData;

/**
 * Steps of scvi-tools' modules with fixed weights and noise; {@code tools/reference/neural.py}
 * wrote them and says what is what.
 */
public final class ScviReference implements AutoCloseable {
  private static final String PATH = "jvm-core/src/test/resources/reference/neural/scvi_tools.h5";

  private final H5Reference file = H5Reference.of(SharedData.projectRoot().resolve(PATH));
  private final Map<String, String> constants = settings("constants");
  private final Map<String, float[]> start = new LinkedHashMap<>();

  public ScviReference() {
    String[] names = file.strings("start/parameters");
    float[] values = floats("start/values");
    int at = 0;
    for (String name : names) {
      int to = at + size(name);
      start.put(name, Arrays.copyOfRange(values, at, to));
      at = to;
    }
  }

  public List<String> variants() {
    return List.of(file.strings("names"));
  }

  public double klWeight() {
    return Double.parseDouble(constants.get("kl_weight"));
  }

  public int steps() {
    return Integer.parseInt(constants.get("steps"));
  }

  public ScviVariant variant(String name) {
    Map<String, String> settings = settings(name + "/settings");
    settings.put("classification_ratio", constants.get("classification_ratio"));
    return new ScviVariant(this, name, settings);
  }

  /** Numbers that may not be there, by their names. */
  Map<String, Double> terms(String path) {
    Map<String, Double> out = new LinkedHashMap<>();
    double[] values = file.doubles(path);
    String[] names = file.strings("terms");
    for (int k = 0; k < names.length; k++) {
      if (!Double.isNaN(values[k])) {
        out.put(names[k], values[k]);
      }
    }
    return out;
  }

  /** The weights to begin with, by our names. */
  Map<String, float[]> start(Parameters parameters, String variant) {
    Map<String, float[]> out = new LinkedHashMap<>();
    for (String name : file.strings(variant + "/parameters")) {
      out.putAll(ScviNames.split(parameters, name, start.get(name)));
    }
    return out;
  }

  /**
   * Gradients and movements, by our names.
   *
   * @param row 0 for gradients, 1 for movements of one step, 2 for those of all
   */
  Map<String, float[]> row(Parameters parameters, String variant, int row) {
    float[] values = floats(variant + "/values");
    int at = row * values.length / 3;
    Map<String, float[]> out = new LinkedHashMap<>();
    for (String name : file.strings(variant + "/parameters")) {
      int to = at + size(name);
      out.putAll(ScviNames.split(parameters, name, Arrays.copyOfRange(values, at, to)));
      at = to;
    }
    return out;
  }

  private static int size(String name) {
    int size = 1;
    for (String n : name.substring(name.lastIndexOf(' ') + 1).split("x")) {
      size *= Integer.parseInt(n);
    }
    return size;
  }

  private float[] floats(String path) {
    double[] wide = file.doubles(path);
    float[] out = new float[wide.length];
    for (int k = 0; k < out.length; k++) {
      out[k] = (float) wide[k];
    }
    return out;
  }

  private Map<String, String> settings(String path) {
    Map<String, String> out = new LinkedHashMap<>();
    for (String line : file.strings(path)) {
      int at = line.indexOf('=');
      out.put(line.substring(0, at), line.substring(at + 1));
    }
    return out;
  }

  // ---------------------------------------------------------------------------------- minibatch

  /** All cells, thinned ones, and those with a label. */
  Minibatch minibatch(int batches, boolean sizeFactors) {
    DenseMatrix x = file.dense("cells/counts");
    int n = x.nRows();
    DenseMatrix numbers = file.dense("cells/continuous");
    List<double[]> continuous = new ArrayList<>();
    for (int c = 0; c < numbers.nCols(); c++) {
      double[] column = new double[n];
      for (int i = 0; i < n; i++) {
        column[i] = numbers.get(i, c);
      }
      continuous.add(column);
    }
    var cells =
        new CellData(
            new MatrixRows(x),
            new CellData.Covariates(
                "X",
                batches == 1 ? null : codes("batch"),
                codes("labels"),
                List.of(codes("category")),
                continuous,
                sizeFactors ? file.doubles("cells/size_factor") : null));
    var out = new Minibatch(x.nCols());
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    cells.feed(order, 0, n, View.CELLS, out);
    int[] labelled = file.ints("cells/labelled");
    cells.feed(labelled, 0, labelled.length, View.LABELLED, out);
    Counts thinned = out.counts(View.THINNED);
    thinned.clear(n);
    new MatrixRows(file.dense("cells/thinned")).append(order, 0, n, thinned);
    return out;
  }

  private Categories codes(String name) {
    return Categories.of(name, file.ints("cells/" + name));
  }

  /** The recorded numbers, the same in every step. */
  public Noise noise() {
    float[] normal = floats("noise/normal");
    float[] uniform = floats("noise/uniform");
    int rows = 5;
    return new Noise() {
      @Override
      public void normal(int place, float[] out, int n) {
        System.arraycopy(normal, place % rows * (normal.length / rows), out, 0, n);
      }

      @Override
      public void uniform(int place, float[] out, int n) {
        int at = place % rows * (uniform.length / rows);
        for (int k = 0; k < n; k++) {
          out[k] = uniform[at + k] / 256;
        }
      }
    };
  }

  @Override
  public void close() {
    file.close();
  }
}
