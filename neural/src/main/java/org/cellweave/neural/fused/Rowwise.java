package org.cellweave.neural.fused;

import java.util.function.IntUnaryOperator;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/** Operations that handle every row for itself. */
final class Rowwise {
  private static final double LAYER_EPSILON = 1e-5;
  private static final int COLUMNS = 512;

  /** Values that one block handles, about. */
  private static final int VALUES = 1 << 15;

  private Rowwise() {}

  /** Adds to every row the one of the table that is chosen for it. */
  static void addTable(Tensor x, float[] table, IntUnaryOperator rowOf) {
    int n = x.cols;
    Parallel.forRange(
        x.rows,
        Math.max(1, VALUES / n),
        (first, last) -> {
          float[] row = new float[n];
          float[] added = new float[n];
          for (int i = first; i < last; i++) {
            // side by side, so that the JIT makes vector code: see RowSum
            System.arraycopy(x.value, i * n, row, 0, n);
            System.arraycopy(table, rowOf.applyAsInt(i) * n, added, 0, n);
            for (int j = 0; j < n; j++) {
              row[j] += added[j];
            }
            System.arraycopy(row, 0, x.value, i * n, n);
          }
        });
  }

  static void addTableGradient(Tensor x, IntUnaryOperator rowOf, float[] gradient) {
    int n = x.cols;
    Parallel.forRange(
        n,
        COLUMNS,
        (left, right) -> {
          for (int i = 0; i < x.rows; i++) {
            int from = i * n;
            int to = rowOf.applyAsInt(i) * n;
            for (int j = left; j < right; j++) {
              gradient[to + j] += x.gradient[from + j];
            }
          }
        });
  }

  /** {@code exp(x) + epsilon}. */
  static void exponential(Tensor x, double epsilon, Tensor out) {
    for (int k = 0; k < x.size(); k++) {
      out.value[k] = (float) (Elementary.exp(x.value[k]) + epsilon);
    }
  }

  static void exponentialBack(Tensor x, double epsilon, Tensor out) {
    for (int k = 0; k < x.size(); k++) {
      x.gradient[k] += (float) (out.gradient[k] * (out.value[k] - epsilon));
    }
  }

  /** Without a branch: which values are positive cannot be foretold. */
  static void rectify(Tensor x, Tensor out) {
    float[] value = x.value;
    float[] to = out.value;
    Parallel.forRange(
        x.size(),
        VALUES,
        (from, end) -> {
          for (int k = from; k < end; k++) {
            int bits = Float.floatToRawIntBits(value[k]);
            to[k] = Float.intBitsToFloat(bits & ~(bits >> 31));
          }
        });
  }

  /** Arrays are local, or the JIT makes no vector code. */
  static void rectifyBack(Tensor x, Tensor out) {
    float[] value = out.value;
    float[] gradient = out.gradient;
    float[] to = x.gradient;
    Parallel.forRange(
        x.size(),
        VALUES,
        (from, end) -> {
          for (int k = from; k < end; k++) {
            // all ones where the value is above zero
            int positive = -Float.floatToRawIntBits(value[k]) >> 31;
            int bits = Float.floatToRawIntBits(gradient[k]);
            to[k] += Float.intBitsToFloat(bits & positive);
          }
        });
  }

  /**
   * @param factor uniform numbers; becomes what every value is multiplied by
   */
  static void dropout(Tensor x, double rate, float[] factor, Tensor out) {
    float keep = (float) (1 / (1 - rate));
    float bound = (float) rate;
    for (int k = 0; k < out.size(); k++) {
      factor[k] = factor[k] < bound ? 0 : keep;
      out.value[k] = x.value[k] * factor[k];
    }
  }

  static void dropoutBack(Tensor x, float[] factor, Tensor out) {
    for (int k = 0; k < out.size(); k++) {
      x.gradient[k] += out.gradient[k] * factor[k];
    }
  }

  /**
   * @param scale one over the deviation of every row
   */
  static void layerNorm(Tensor x, Tensor out, float[] scale) {
    int n = x.cols;
    for (int i = 0; i < x.rows; i++) {
      int at = i * n;
      double sum = 0;
      for (int j = 0; j < n; j++) {
        sum += x.value[at + j];
      }
      double mean = sum / n;
      double squares = 0;
      for (int j = 0; j < n; j++) {
        double d = x.value[at + j] - mean;
        squares += d * d;
      }
      double factor = 1 / Math.sqrt(squares / n + LAYER_EPSILON);
      scale[i] = (float) factor;
      for (int j = 0; j < n; j++) {
        out.value[at + j] = (float) ((x.value[at + j] - mean) * factor);
      }
    }
  }

  static void layerNormBack(Tensor x, Tensor out, float[] scale) {
    int n = x.cols;
    for (int i = 0; i < x.rows; i++) {
      int at = i * n;
      double sum = 0;
      double along = 0;
      for (int j = 0; j < n; j++) {
        sum += out.gradient[at + j];
        along += out.gradient[at + j] * (double) out.value[at + j];
      }
      for (int j = 0; j < n; j++) {
        double d = out.gradient[at + j] - sum / n - out.value[at + j] * along / n;
        x.gradient[at + j] += (float) (d * scale[i]);
      }
    }
  }

  static void softmax(Tensor x, Tensor out) {
    int n = x.cols;
    for (int i = 0; i < x.rows; i++) {
      int at = i * n;
      double largest = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < n; j++) {
        largest = Math.max(largest, x.value[at + j]);
      }
      double sum = 0;
      for (int j = 0; j < n; j++) {
        double e = Elementary.exp(x.value[at + j] - largest);
        out.value[at + j] = (float) e;
        sum += e;
      }
      for (int j = 0; j < n; j++) {
        out.value[at + j] = (float) (out.value[at + j] / sum);
      }
    }
  }

  static void softmaxBack(Tensor x, Tensor out) {
    int n = x.cols;
    for (int i = 0; i < x.rows; i++) {
      int at = i * n;
      double along = 0;
      for (int j = 0; j < n; j++) {
        along += out.gradient[at + j] * (double) out.value[at + j];
      }
      for (int j = 0; j < n; j++) {
        x.gradient[at + j] += (float) (out.value[at + j] * (out.gradient[at + j] - along));
      }
    }
  }
}
