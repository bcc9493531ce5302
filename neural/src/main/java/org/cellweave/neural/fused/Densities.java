package org.cellweave.neural.fused;

import java.util.Arrays;
import java.util.List;
import org.cellweave.util.Elementary;

/**
 * Numbers of which every row has one, added up over its columns, and their way back. Sums are in
 * float64.
 */
final class Densities {
  private static final double HALF_LOG_TWO_PI = 0.5 * Elementary.log(2 * Math.PI);

  private final int rows;
  private final List<Tensor> inputs;
  private final RowValue value;
  private final RowGradient gradient;

  private interface RowValue {
    double of(int row);
  }

  private interface RowGradient {
    void add(int row, double factor);
  }

  private Densities(int rows, List<Tensor> inputs, RowValue value, RowGradient gradient) {
    this.rows = rows;
    this.inputs = inputs;
    this.value = value;
    this.gradient = gradient;
  }

  int rows() {
    return rows;
  }

  boolean wantsGradient() {
    return inputs.stream().anyMatch(Tensor::wantsGradient);
  }

  void forward(float[] out) {
    for (int i = 0; i < rows; i++) {
      out[i] = (float) value.of(i);
    }
  }

  void back(float[] from) {
    for (int i = 0; i < rows; i++) {
      gradient.add(i, from[i]);
    }
  }

  private static void add(Tensor x, int at, double gradient) {
    if (x.gradient != null) {
      x.gradient[at] += (float) gradient;
    }
  }

  static Densities klStandard(Tensor mean, Tensor variance) {
    int n = mean.cols;
    return new Densities(
        mean.rows,
        List.of(mean, variance),
        i -> {
          double sum = 0;
          for (int k = i * n; k < (i + 1) * n; k++) {
            double m = mean.value[k];
            double v = variance.value[k];
            sum += 0.5 * (v + m * m - 1 - Elementary.log(v));
          }
          return sum;
        },
        (i, factor) -> {
          for (int k = i * n; k < (i + 1) * n; k++) {
            add(mean, k, factor * mean.value[k]);
            add(variance, k, factor * 0.5 * (1 - 1.0 / variance.value[k]));
          }
        });
  }

  /** The prior is given: nothing of it is trained. */
  static Densities klNormal(Tensor mean, Tensor variance, Tensor priorMean, Tensor priorVariance) {
    int n = mean.cols;
    return new Densities(
        mean.rows,
        List.of(mean, variance),
        i -> {
          double sum = 0;
          for (int k = i * n; k < (i + 1) * n; k++) {
            double ratio = variance.value[k] / (double) priorVariance.value[k];
            double d = mean.value[k] - priorMean.value[k];
            sum += 0.5 * (ratio + d * d / priorVariance.value[k] - 1 - Elementary.log(ratio));
          }
          return sum;
        },
        (i, factor) -> {
          for (int k = i * n; k < (i + 1) * n; k++) {
            double p = priorVariance.value[k];
            add(mean, k, factor * (mean.value[k] - priorMean.value[k]) / p);
            add(variance, k, factor * 0.5 * (1 / p - 1.0 / variance.value[k]));
          }
        });
  }

  static Densities logNormal(Tensor x, Tensor mean, Tensor variance) {
    int n = x.cols;
    return new Densities(
        x.rows,
        List.of(x, mean, variance),
        i -> {
          double sum = 0;
          for (int k = i * n; k < (i + 1) * n; k++) {
            double d = x.value[k] - mean.value[k];
            double v = variance.value[k];
            sum -= HALF_LOG_TWO_PI + 0.5 * Elementary.log(v) + 0.5 * d * d / v;
          }
          return sum;
        },
        (i, factor) -> {
          for (int k = i * n; k < (i + 1) * n; k++) {
            double v = variance.value[k];
            double d = (x.value[k] - mean.value[k]) / v;
            add(x, k, -factor * d);
            add(mean, k, factor * d);
            add(variance, k, factor * 0.5 * (d * d - 1 / v));
          }
        });
  }

  static Densities expected(Tensor probabilities, Tensor perClass) {
    int cells = probabilities.rows;
    int classes = probabilities.cols;
    return new Densities(
        cells,
        List.of(probabilities, perClass),
        i -> {
          double sum = 0;
          for (int c = 0; c < classes; c++) {
            sum += probabilities.value[i * classes + c] * (double) perClass.value[c * cells + i];
          }
          return sum;
        },
        (i, factor) -> {
          for (int c = 0; c < classes; c++) {
            int p = i * classes + c;
            int q = c * cells + i;
            add(probabilities, p, factor * perClass.value[q]);
            add(perClass, q, factor * probabilities.value[p]);
          }
        });
  }

  /** Where a probability is zero its part is zero, and so is what it gives back. */
  static Densities klUniform(Tensor probabilities) {
    int classes = probabilities.cols;
    double logClasses = Elementary.log(classes);
    return new Densities(
        probabilities.rows,
        List.of(probabilities),
        i -> {
          double sum = 0;
          for (int k = i * classes; k < (i + 1) * classes; k++) {
            double p = probabilities.value[k];
            sum += p > 0 ? p * (Elementary.log(p) + logClasses) : 0;
          }
          return sum;
        },
        (i, factor) -> {
          for (int k = i * classes; k < (i + 1) * classes; k++) {
            double p = probabilities.value[k];
            add(probabilities, k, p > 0 ? factor * (Elementary.log(p) + logClasses + 1) : 0);
          }
        });
  }

  static Densities crossEntropy(Tensor logits, int[] codes) {
    int classes = logits.cols;
    return new Densities(
        logits.rows,
        List.of(logits),
        i -> {
          double[] p = probabilities(logits, i);
          return -Elementary.log(Math.max(p[codes[i]], Double.MIN_NORMAL));
        },
        (i, factor) -> {
          double[] p = probabilities(logits, i);
          p[codes[i]] -= 1;
          for (int c = 0; c < classes; c++) {
            add(logits, i * classes + c, factor * p[c]);
          }
        });
  }

  private static double[] probabilities(Tensor logits, int row) {
    double[] p = new double[logits.cols];
    for (int c = 0; c < p.length; c++) {
      p[c] = logits.value[row * p.length + c];
    }
    double largest = Arrays.stream(p).max().orElseThrow();
    double sum = 0;
    for (int c = 0; c < p.length; c++) {
      p[c] = Elementary.exp(p[c] - largest);
      sum += p[c];
    }
    for (int c = 0; c < p.length; c++) {
      p[c] /= sum;
    }
    return p;
  }
}
