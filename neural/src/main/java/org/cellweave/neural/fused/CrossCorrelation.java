package org.cellweave.neural.fused;

/**
 * Correlations between the latent dimensions of two views of the same cells, over the minibatch,
 * and their way back. In float64: there are as many numbers as dimensions.
 */
final class CrossCorrelation {
  private static final double EPSILON = 1e-8;

  private final Tensor thinned;
  private final Tensor full;
  private final int n;
  private Standardised a;
  private Standardised b;
  private double[] c;

  CrossCorrelation(Tensor thinned, Tensor full) {
    this.thinned = thinned;
    this.full = full;
    this.n = full.cols;
  }

  void forward(float[] out) {
    a = Standardised.of(thinned);
    b = Standardised.of(full);
    c = new double[n * n];
    for (int row = 0; row < full.rows; row++) {
      for (int i = 0; i < n; i++) {
        double left = a.z[row * n + i];
        for (int j = 0; j < n; j++) {
          c[i * n + j] += left * b.z[row * n + j];
        }
      }
    }
    double invariance = 0;
    double redundancy = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double v = c[i * n + j] /= full.rows;
        if (i == j) {
          invariance += (1 - v) * (1 - v);
        } else {
          redundancy += v * v;
        }
      }
    }
    out[0] = (float) invariance;
    out[1] = (float) redundancy;
  }

  void back(double invariance, double redundancy) {
    double[] dc = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double v = c[i * n + j];
        dc[i * n + j] = (i == j ? -2 * (1 - v) * invariance : 2 * v * redundancy) / full.rows;
      }
    }
    double[] da = new double[a.z.length];
    double[] db = new double[b.z.length];
    for (int row = 0; row < full.rows; row++) {
      int at = row * n;
      for (int i = 0; i < n; i++) {
        double left = a.z[at + i];
        double sum = 0;
        for (int j = 0; j < n; j++) {
          sum += dc[i * n + j] * b.z[at + j];
          db[at + j] += dc[i * n + j] * left;
        }
        da[at + i] = sum;
      }
    }
    a.back(thinned, da);
    b.back(full, db);
  }

  /**
   * Mean over columns of {@code max(0, 1 - deviation)}; adds {@code factor} times its gradient
   * where there is one to add to.
   */
  static double hinge(Tensor x, double factor) {
    double sum = 0;
    for (int j = 0; j < x.cols; j++) {
      double mean = 0;
      for (int i = 0; i < x.rows; i++) {
        mean += x.value[i * x.cols + j];
      }
      mean /= x.rows;
      double squares = 0;
      for (int i = 0; i < x.rows; i++) {
        double d = x.value[i * x.cols + j] - mean;
        squares += d * d;
      }
      double deviation = Math.sqrt(squares / x.rows);
      sum += Math.max(0, 1 - deviation);
      if (factor != 0 && x.gradient != null && deviation < 1 && deviation > 0) {
        for (int i = 0; i < x.rows; i++) {
          double d = x.value[i * x.cols + j] - mean;
          x.gradient[i * x.cols + j] += (float) (-factor * d / (x.rows * deviation * x.cols));
        }
      }
    }
    return sum / x.cols;
  }

  /** Columns with mean 0, divided by their deviation and a little more. */
  private static final class Standardised {
    private final double[] z;
    private final double[] deviation;

    private Standardised(double[] z, double[] deviation) {
      this.z = z;
      this.deviation = deviation;
    }

    static Standardised of(Tensor x) {
      double[] z = new double[x.size()];
      double[] deviation = new double[x.cols];
      for (int j = 0; j < x.cols; j++) {
        double mean = 0;
        for (int i = 0; i < x.rows; i++) {
          mean += x.value[i * x.cols + j];
        }
        mean /= x.rows;
        double squares = 0;
        for (int i = 0; i < x.rows; i++) {
          double d = x.value[i * x.cols + j] - mean;
          z[i * x.cols + j] = d;
          squares += d * d;
        }
        deviation[j] = Math.sqrt(squares / x.rows);
        for (int i = 0; i < x.rows; i++) {
          z[i * x.cols + j] /= deviation[j] + EPSILON;
        }
      }
      return new Standardised(z, deviation);
    }

    /** From gradients of the standardised values to those of the values. */
    void back(Tensor x, double[] dz) {
      if (!x.wantsGradient()) {
        return;
      }
      for (int j = 0; j < x.cols; j++) {
        double sum = 0;
        double along = 0;
        for (int i = 0; i < x.rows; i++) {
          sum += dz[i * x.cols + j];
          along += dz[i * x.cols + j] * z[i * x.cols + j];
        }
        double s = deviation[j];
        double scale = s + EPSILON;
        for (int i = 0; i < x.rows; i++) {
          int at = i * x.cols + j;
          // the deviation moves with every value by (value - mean) / (rows deviation)
          double moved = s > 0 ? along * z[at] * scale / (x.rows * s) : 0;
          x.gradient[at] += (float) ((dz[at] - sum / x.rows - moved) / scale);
        }
      }
    }
  }
}
