package org.cellweave.neural.fused;

import org.cellweave.neural.nn.BatchNorm;
import org.cellweave.util.Parallel;

/** One batch normalisation of one step, forward and back. */
final class BatchNormPass {
  private static final int COLUMNS = 32;

  private final Tensor x;
  private final Tensor out;
  private final BatchNorm norm;

  /** Whether mean and variance are those of the minibatch. */
  private final boolean own;

  private final double[] mean;
  private final double[] factor;

  BatchNormPass(Tensor x, Tensor out, BatchNorm norm, boolean own) {
    this.x = x;
    this.out = out;
    this.norm = norm;
    this.own = own;
    this.mean = new double[x.cols];
    this.factor = new double[x.cols];
  }

  /**
   * @param follow whether the running statistics follow
   */
  void forward(boolean follow) {
    Parallel.forRange(x.cols, COLUMNS, (from, to) -> forward(follow, from, to));
  }

  private void forward(boolean follow, int from, int to) {
    double[] variance = new double[x.cols];
    if (own) {
      statistics(variance, from, to);
      if (follow) {
        follow(variance, from, to);
      }
    } else {
      for (int j = from; j < to; j++) {
        mean[j] = norm.mean().values()[j];
        variance[j] = norm.variance().values()[j];
      }
    }
    for (int j = from; j < to; j++) {
      factor[j] = 1 / Math.sqrt(variance[j] + BatchNorm.EPSILON);
    }
    float[] gamma = norm.gamma().values();
    float[] beta = norm.beta().values();
    for (int i = 0; i < x.rows; i++) {
      int at = i * x.cols;
      for (int j = from; j < to; j++) {
        out.value[at + j] = (float) ((x.value[at + j] - mean[j]) * factor[j] * gamma[j] + beta[j]);
      }
    }
  }

  private void statistics(double[] variance, int from, int to) {
    for (int i = 0; i < x.rows; i++) {
      int at = i * x.cols;
      for (int j = from; j < to; j++) {
        mean[j] += x.value[at + j];
      }
    }
    for (int j = from; j < to; j++) {
      mean[j] /= x.rows;
    }
    for (int i = 0; i < x.rows; i++) {
      int at = i * x.cols;
      for (int j = from; j < to; j++) {
        double d = x.value[at + j] - mean[j];
        variance[j] += d * d;
      }
    }
    for (int j = from; j < to; j++) {
      variance[j] /= x.rows;
    }
  }

  private void follow(double[] variance, int from, int to) {
    float[] runningMean = norm.mean().values();
    float[] runningVariance = norm.variance().values();
    double unbiased = x.rows > 1 ? x.rows / (x.rows - 1.0) : 1;
    double m = BatchNorm.MOMENTUM;
    for (int j = from; j < to; j++) {
      runningMean[j] = (float) ((1 - m) * runningMean[j] + m * mean[j]);
      runningVariance[j] = (float) ((1 - m) * runningVariance[j] + m * variance[j] * unbiased);
    }
  }

  /**
   * @param dGamma gradients to add to; null when they are not trained
   * @param dBeta as {@code dGamma}
   */
  void back(float[] dGamma, float[] dBeta) {
    Parallel.forRange(x.cols, COLUMNS, (from, to) -> back(dGamma, dBeta, from, to));
  }

  private void back(float[] dGamma, float[] dBeta, int from, int to) {
    int n = x.cols;
    double[] sum = new double[n];
    double[] along = new double[n];
    for (int i = 0; i < x.rows; i++) {
      int at = i * n;
      for (int j = from; j < to; j++) {
        double d = out.gradient[at + j];
        sum[j] += d;
        along[j] += d * ((x.value[at + j] - mean[j]) * factor[j]);
      }
    }
    for (int j = from; j < to; j++) {
      if (dGamma != null) {
        dGamma[j] += (float) along[j];
      }
      if (dBeta != null) {
        dBeta[j] += (float) sum[j];
      }
    }
    if (!x.wantsGradient()) {
      return;
    }
    float[] gamma = norm.gamma().values();
    double share = own ? 1.0 / x.rows : 0;
    for (int i = 0; i < x.rows; i++) {
      int at = i * n;
      for (int j = from; j < to; j++) {
        double normed = (x.value[at + j] - mean[j]) * factor[j];
        double d = out.gradient[at + j] - share * (sum[j] + normed * along[j]);
        x.gradient[at + j] += (float) (d * factor[j] * gamma[j]);
      }
    }
  }
}
