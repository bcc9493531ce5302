package org.cellweave.neural.scmodal;

import org.cellweave.linalg.FastExponential;
import org.cellweave.neural.fused.Operation;
import org.cellweave.util.Parallel;

/**
 * How unlike the neighbourhoods of the cells of a minibatch are in their features and in latent
 * space: minus the mean over cells of the cosine between the cell's rows of two Gaussian kernels,
 * which counts up to {@link #ENOUGH}. Both kernels take the mean over dimensions of squared
 * differences, from products of rows; that of the features is computed once for a minibatch.
 */
final class Geometry implements Operation {
  /** Above this a cell asks for no more. */
  static final float ENOUGH = 0.975f;

  private static final float LEAST_NORM = 1e-6f;
  private static final int ROWS = 32;

  private final int n;
  private final int features;
  private final int latent;
  private final Products products;

  /** Rows of the kernel of features, of length 1. */
  private final float[] wanted;

  /** Of the latent kernel; then derivatives by the squared distance, without their sign. */
  private final float[] kernel;

  private boolean moves;

  /**
   * @param n cells of a minibatch
   */
  Geometry(int n, int features, int latent, Products products) {
    this.n = n;
    this.features = features;
    this.latent = latent;
    this.products = products;
    wanted = new float[Math.multiplyExact(n, n)];
    kernel = new float[n * n];
  }

  /** Begins a minibatch. */
  void begin(float[] x) {
    kernel(x, features, wanted);
    Parallel.forRange(
        n,
        ROWS,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            float scale = (float) (1 / Math.max(LEAST_NORM, norm(wanted, i * n)));
            for (int j = i * n; j < (i + 1) * n; j++) {
              wanted[j] *= scale;
            }
          }
        });
  }

  private double norm(float[] of, int at) {
    double sum = 0;
    for (int j = at; j < at + n; j++) {
      sum += of[j] * (double) of[j];
    }
    return Math.sqrt(sum);
  }

  /** {@code exp(-mean_d (x_i - x_j)^2 / 2)}. */
  private void kernel(float[] x, int dims, float[] out) {
    products.rowsByRows(x, n, x, n, dims, out);
    float[] length = new float[n];
    for (int i = 0; i < n; i++) {
      length[i] = out[i * n + i] / 2;
    }
    Parallel.forRange(
        n,
        ROWS,
        (from, to) -> {
          float[] row = new float[n];
          for (int i = from; i < to; i++) {
            System.arraycopy(out, i * n, row, 0, n);
            for (int j = 0; j < n; j++) {
              // half the squared distance, with its sign turned
              row[j] = Math.min(0, row[j] - length[i] - length[j]);
            }
            row[i] = 0;
            FastExponential.ofShifted(row, n, 1f / dims, 0);
            System.arraycopy(row, 0, out, i * n, n);
          }
        });
  }

  /** Minus the mean of the cosines. */
  @Override
  public void forward(float[][] inputs, float[] out) {
    kernel(inputs[0], latent, kernel);
    double[] cosine = new double[n];
    Parallel.forRange(
        n,
        ROWS,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            cosine[i] = row(i);
          }
        });
    double sum = 0;
    moves = false;
    for (double c : cosine) {
      sum += Math.min(c, ENOUGH);
      moves |= c <= ENOUGH;
    }
    out[0] = (float) (-sum / n);
  }

  /** The cosine of a cell; its row of the kernel makes room for derivatives. */
  private double row(int i) {
    int at = i * n;
    double norm = Math.max(LEAST_NORM, norm(kernel, at));
    double along = 0;
    for (int j = at; j < at + n; j++) {
      along += wanted[j] * (double) kernel[j];
    }
    double cosine = along / norm;
    float scale = cosine <= ENOUGH ? (float) (1 / (norm * n)) : 0;
    float back = (float) (cosine / norm);
    for (int j = at; j < at + n; j++) {
      kernel[j] *= scale * (wanted[j] - back * kernel[j]);
    }
    return cosine;
  }

  @Override
  public void back(float[][] inputs, float[] out, float[] outGradient, float[][] inputGradients) {
    if (!moves) {
      return;
    }
    // a column of ones gives the sums of rows and columns along with the products
    int k = latent + 1;
    float[] z = inputs[0];
    float[] more = new float[n * k];
    for (int i = 0; i < n; i++) {
      System.arraycopy(z, i * latent, more, i * k, latent);
      more[i * k + latent] = 1;
    }
    float[] straight = new float[n * k];
    float[] turned = new float[n * k];
    products.bothWays(kernel, n, more, k, straight, turned);
    float[] to = inputGradients[0];
    float factor = -outGradient[0] / latent;
    for (int i = 0; i < n; i++) {
      float sum = straight[i * k + latent] + turned[i * k + latent];
      for (int d = 0; d < latent; d++) {
        int at = i * latent + d;
        to[at] += factor * (straight[i * k + d] + turned[i * k + d] - sum * z[at]);
      }
    }
  }
}
