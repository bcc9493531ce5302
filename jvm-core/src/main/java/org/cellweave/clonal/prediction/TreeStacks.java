package org.cellweave.clonal.prediction;

import java.util.HashMap;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;

/**
 * XGBoost's trees of some responses, on one thread, with the matrices that they grow on.
 *
 * <p>Nothing here is drawn by chance: XGBoost's own draws depend on which thread they are made by.
 * Objects of different threads share nothing: XGBoost's matrices fill caches while they are read,
 * so that each object has its own. To be closed, which gives native memory back.
 */
final class TreeStacks implements AutoCloseable {
  private static final int VALUES_AT_ONCE = 1 << 22;

  private final FeatureTable features;
  private final DMatrix train;
  private final DMatrix validation;
  private final Booster[] boosters;

  /**
   * @param rows for growth, and those that are only foretold
   * @param first of the responses
   * @param starts margins of all responses, of which this takes those from {@code first} to {@code
   *     end}
   */
  TreeStacks(
      FeatureTable features,
      Rows rows,
      BoostedTrees.Params params,
      double[] starts,
      int first,
      int end) {
    this.features = features;
    this.boosters = new Booster[end - first];
    try {
      train = matrix(features, rows.train());
      validation = matrix(features, rows.validation());
      train.setLabel(new float[rows.train().length]);
      for (int r = first; r < end; r++) {
        Map<String, Object> settings = settings(params, starts[r]);
        boosters[r - first] = XGBoost.train(train, settings, 0, new HashMap<>(), null, null);
      }
    } catch (XGBoostError e) {
      close();
      throw failed(e);
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "boostedTrees needs XGBoost's native library, which cannot be loaded here: it is there"
              + " for Linux and macOS on x86-64 and ARM and for Windows on x86-64, and wants OpenMP"
              + " (install libgomp1 on Linux, libomp on macOS)",
          e);
    }
  }

  /** Rows of the features by what they are for. */
  record Rows(int[] train, int[] validation) {}

  /** Margins of the clones of either kind, by response of this object. */
  record Margins(float[][][] train, float[][][] validation) {}

  private static Map<String, Object> settings(BoostedTrees.Params params, double start) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("objective", "reg:squarederror");
    settings.put("disable_default_eval_metric", 1);
    settings.put("base_score", start);
    settings.put("tree_method", "hist");
    settings.put("nthread", 1);
    settings.put("verbosity", 0);
    settings.put("eta", params.learningRate());
    settings.put("max_depth", params.maxDepth());
    settings.put("lambda", params.ridge());
    settings.put("min_child_weight", params.minChildWeight());
    return settings;
  }

  private static DMatrix matrix(FeatureTable features, int[] rows) throws XGBoostError {
    var part = features.rows(rows);
    var matrix =
        new DMatrix(
            part.starts(),
            part.columns(),
            part.values(),
            DMatrix.SparseType.CSR,
            features.nCols(),
            Float.NaN,
            1);
    matrix.setFeatureTypes(features.types());
    return matrix;
  }

  /** Grows the next tree of response {@code r} of this object. */
  void grow(int r, int round, float[] gradient, float[] curvature) {
    try {
      // What XGBoost keeps of earlier predictions belongs to a thread, and a new tree is added to
      // it unseen: another thread has to catch up first.
      boosters[r].predict(train, true);
      boosters[r].boost(train, round, gradient, curvature);
    } catch (XGBoostError e) {
      throw failed(e);
    }
  }

  /** After all trees grown so far; each clone has an array of one. */
  Margins margins() {
    float[][][] ofTrain = new float[boosters.length][][];
    float[][][] ofValidation = new float[boosters.length][][];
    try {
      for (int r = 0; r < boosters.length; r++) {
        ofTrain[r] = boosters[r].predict(train, true);
        ofValidation[r] = boosters[r].predict(validation, true);
      }
    } catch (XGBoostError e) {
      throw failed(e);
    }
    return new Margins(ofTrain, ofValidation);
  }

  /**
   * What each feature adds to the margin of each clone.
   *
   * @param margins float64, one per clone; sums of the first trees
   * @param shap clones by features, float32
   * @param bias what every clone has without features
   */
  record Explained(double[] margins, CsrMatrix shap, double bias) {}

  /**
   * All clones, by the first {@code trees} trees of response {@code r} of this object.
   *
   * @param trees at least 1
   */
  Explained explain(int r, int trees) {
    int n = features.nRows();
    int p = features.nCols();
    var shap = new CsrBuilder(p, DType.FLOAT32);
    double[] margins = new double[n];
    double bias = 0;
    int step = Math.max(1, VALUES_AT_ONCE / (p + 1));
    for (int from = 0; from < n; from += step) {
      int[] rows = new int[Math.min(step, n - from)];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = from + i;
      }
      float[][] values = contributions(r, rows, trees, margins, from);
      for (float[] row : values) {
        addRow(shap, row, p);
        bias = row[p];
      }
    }
    return new Explained(margins, shap.build(), bias);
  }

  private float[][] contributions(int r, int[] rows, int trees, double[] margins, int from) {
    DMatrix part = null;
    try {
      part = matrix(features, rows);
      float[][] sums = boosters[r].predict(part, true, trees);
      for (int i = 0; i < rows.length; i++) {
        margins[from + i] = sums[i][0];
      }
      return boosters[r].predictContrib(part, trees);
    } catch (XGBoostError e) {
      throw failed(e);
    } finally {
      if (part != null) {
        part.dispose();
      }
    }
  }

  private static void addRow(CsrBuilder to, float[] row, int p) {
    int[] at = new int[p];
    double[] values = new double[p];
    int n = 0;
    for (int j = 0; j < p; j++) {
      if (row[j] != 0) {
        at[n] = j;
        values[n++] = row[j];
      }
    }
    to.addRow(at, values, n);
  }

  private static IllegalStateException failed(XGBoostError e) {
    return new IllegalStateException("XGBoost stopped: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    for (Booster booster : boosters) {
      if (booster != null) {
        booster.dispose();
      }
    }
    if (train != null) {
      train.dispose();
    }
    if (validation != null) {
      validation.dispose();
    }
  }
}
