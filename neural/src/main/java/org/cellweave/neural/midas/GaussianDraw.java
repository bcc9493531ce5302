package org.cellweave.neural.midas;

import org.cellweave.neural.fused.Operation;
import org.cellweave.neural.nn.Noise;
import org.cellweave.random.Streams;
import org.cellweave.util.Elementary;

/** One draw of every row of means and logarithms of variances. */
final class GaussianDraw implements Operation {
  private final int rows;
  private final int dims;
  private final float[] drawn;

  GaussianDraw(int rows, int dims, long seed) {
    this.rows = rows;
    this.dims = dims;
    this.drawn = new float[rows * dims];
    Noise.normal(Streams.of(seed, 0), drawn);
  }

  @Override
  public void forward(float[][] inputs, float[] out) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < dims; j++) {
        int mean = 2 * i * dims + j;
        double deviation = Elementary.exp(0.5 * inputs[0][mean + dims]);
        out[i * dims + j] = (float) (inputs[0][mean] + deviation * drawn[i * dims + j]);
      }
    }
  }

  @Override
  public void back(float[][] inputs, float[] out, float[] outGradient, float[][] into) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < dims; j++) {
        int mean = 2 * i * dims + j;
        float along = outGradient[i * dims + j];
        into[0][mean] += along;
        into[0][mean + dims] += along * 0.5f * (out[i * dims + j] - inputs[0][mean]);
      }
    }
  }
}
