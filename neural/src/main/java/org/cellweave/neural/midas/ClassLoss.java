package org.cellweave.neural.midas;

import org.cellweave.neural.fused.Operation;
import org.cellweave.util.Elementary;

/** Cross-entropy of logits, all rows of one class: the mean over rows. */
final class ClassLoss implements Operation {
  private final int rows;
  private final int classes;
  private final int target;
  private final double[] shares;

  ClassLoss(int rows, int classes, int target) {
    this.rows = rows;
    this.classes = classes;
    this.target = target;
    this.shares = new double[rows * classes];
  }

  @Override
  public void forward(float[][] inputs, float[] out) {
    double loss = 0;
    for (int i = 0; i < rows; i++) {
      int at = i * classes;
      double most = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < classes; j++) {
        most = Math.max(most, inputs[0][at + j]);
      }
      double sum = 0;
      for (int j = 0; j < classes; j++) {
        shares[at + j] = Elementary.exp(inputs[0][at + j] - most);
        sum += shares[at + j];
      }
      for (int j = 0; j < classes; j++) {
        shares[at + j] /= sum;
      }
      loss += most + Elementary.log(sum) - inputs[0][at + target];
    }
    out[0] = (float) (loss / rows);
  }

  @Override
  public void back(float[][] inputs, float[] out, float[] outGradient, float[][] into) {
    double each = outGradient[0] / rows;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < classes; j++) {
        double off = shares[i * classes + j] - (j == target ? 1 : 0);
        into[0][i * classes + j] += (float) (each * off);
      }
    }
  }
}
