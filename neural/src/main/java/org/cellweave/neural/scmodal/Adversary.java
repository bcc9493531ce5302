package org.cellweave.neural.scmodal;

import org.cellweave.neural.fused.Operation;
import org.cellweave.util.Elementary;

/**
 * Mean over cells of {@code softplus(-D(a)) + softplus(D(b))}, from what a discriminator says of
 * the cells a and then b, in one column. What is said counts up to {@link #MOST}, either way; there
 * gradients end, as in the paper's program.
 *
 * @param n cells of each
 * @param sign 1 for the discriminator, -1 for those who play against it
 */
record Adversary(int n, int sign) implements Operation {
  static final float MOST = 50;

  private static double softplus(double x) {
    return Math.max(x, 0) + Elementary.log1p(Elementary.exp(-Math.abs(x)));
  }

  private static double held(float said) {
    return said < -MOST ? -MOST : said > MOST ? MOST : said;
  }

  @Override
  public void forward(float[][] inputs, float[] out) {
    double sum = 0;
    for (int i = 0; i < 2 * n; i++) {
      double said = held(inputs[0][i]);
      sum += softplus(i < n ? -said : said);
    }
    out[0] = (float) (sign * sum / n);
  }

  @Override
  public void back(float[][] inputs, float[] out, float[] outGradient, float[][] inputGradients) {
    for (int i = 0; i < 2 * n; i++) {
      float said = inputs[0][i];
      if (Math.abs(said) <= MOST) {
        double slope = i < n ? -1 / (1 + Elementary.exp(said)) : 1 / (1 + Elementary.exp(-said));
        inputGradients[0][i] += (float) (sign * outGradient[0] * slope / n);
      }
    }
  }
}
