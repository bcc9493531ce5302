package org.cellweave.neural.tensorflow;

import org.cellweave.util.Elementary;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Densities and divergences of latent places, one number per row, and what two views share. */
final class Latents {
  private static final double HALF_LOG_TWO_PI = 0.5 * Elementary.log(2 * Math.PI);

  /** Added to deviations of columns, as the objective has it. */
  private static final double DEVIATION_EPSILON = 1e-8;

  private final Algebra a;

  Latents(Algebra a) {
    this.a = a;
  }

  Operand<TFloat32> klStandard(Operand<TFloat32> mean, Operand<TFloat32> variance) {
    Operand<TFloat32> sum = a.minus(a.plus(variance, a.square(mean)), a.log(variance));
    return a.times(a.sumOfRows(a.plus(sum, -1)), 0.5);
  }

  Operand<TFloat32> klNormal(
      Operand<TFloat32> mean,
      Operand<TFloat32> variance,
      Operand<TFloat32> priorMean,
      Operand<TFloat32> priorVariance) {
    Operand<TFloat32> ratio = a.over(variance, priorVariance);
    Operand<TFloat32> away = a.over(a.square(a.minus(mean, priorMean)), priorVariance);
    Operand<TFloat32> sum = a.minus(a.plus(ratio, away), a.log(ratio));
    return a.times(a.sumOfRows(a.plus(sum, -1)), 0.5);
  }

  Operand<TFloat32> logNormal(
      Operand<TFloat32> x, Operand<TFloat32> mean, Operand<TFloat32> variance) {
    Operand<TFloat32> away = a.over(a.square(a.minus(x, mean)), variance);
    Operand<TFloat32> sum = a.plus(a.plus(away, a.log(variance)), 2 * HALF_LOG_TWO_PI);
    return a.times(a.sumOfRows(sum), -0.5);
  }

  /**
   * @param perClass one column, one class after another
   */
  Operand<TFloat32> expected(
      Operand<TFloat32> probabilities, Operand<TFloat32> perClass, int classes) {
    Operand<TFloat32> byClass = a.reshape(perClass, classes, -1);
    Operand<TFloat32> byCell = a.tf().linalg.transpose(byClass, a.tf().constant(new int[] {1, 0}));
    return a.sumOfRows(a.times(probabilities, byCell));
  }

  /** A probability of zero adds zero. */
  Operand<TFloat32> klUniform(Operand<TFloat32> probabilities, int classes) {
    Operand<TFloat32> positive = a.tf().math.maximum(probabilities, a.constant(Float.MIN_NORMAL));
    Operand<TFloat32> logs = a.plus(a.log(positive), Elementary.log(classes));
    return a.sumOfRows(a.times(probabilities, logs));
  }

  /** Mean over rows, 1 x 1. */
  Operand<TFloat32> crossEntropy(Operand<TFloat32> logits, Operand<TInt32> codes, int classes) {
    Ops tf = a.tf();
    var labels = tf.oneHot(codes, tf.constant(classes), a.constant(1), a.constant(0));
    Operand<TFloat32> loss = tf.nn.softmaxCrossEntropyWithLogits(logits, labels).loss();
    return a.meanOfColumns(a.reshape(loss, -1, 1));
  }

  /**
   * @param inverseRows one over the number of rows
   * @return 1 x 2: invariance, redundancy
   */
  Operand<TFloat32> crossCorrelation(
      Operand<TFloat32> thinned, Operand<TFloat32> full, int n, Operand<TFloat32> inverseRows) {
    Ops tf = a.tf();
    Operand<TFloat32> c =
        a.times(a.transposedTimes(standardised(thinned), standardised(full)), inverseRows);
    Operand<TFloat32> diagonal = tf.constant(StdArrays.ndCopyOf(identity(n)));
    Operand<TFloat32> lack = a.square(a.minus(a.constant(1), c));
    Operand<TFloat32> invariance = a.sum(a.times(lack, diagonal));
    Operand<TFloat32> off = a.minus(a.constant(1), diagonal);
    Operand<TFloat32> redundancy = a.sum(a.times(a.square(c), off));
    return tf.concat(
        java.util.List.of(a.reshape(invariance, 1, 1), a.reshape(redundancy, 1, 1)),
        tf.constant(1));
  }

  private static float[][] identity(int n) {
    float[][] out = new float[n][n];
    for (int i = 0; i < n; i++) {
      out[i][i] = 1;
    }
    return out;
  }

  private Operand<TFloat32> standardised(Operand<TFloat32> x) {
    Operand<TFloat32> centred = a.minus(x, a.meanOfColumns(x));
    return a.over(centred, a.plus(deviations(centred), DEVIATION_EPSILON));
  }

  /** One row; a column that does not vary has hardly a deviation and no gradient. */
  private Operand<TFloat32> deviations(Operand<TFloat32> centred) {
    Operand<TFloat32> variance = a.meanOfColumns(a.square(centred));
    return a.tf().math.sqrt(a.tf().math.maximum(variance, a.constant(1e-30)));
  }

  /** 1 x 1. */
  Operand<TFloat32> varianceHinge(Operand<TFloat32> x) {
    Operand<TFloat32> lack = a.minus(a.constant(1), deviations(a.minus(x, a.meanOfColumns(x))));
    return a.meanOfRows(a.tf().nn.relu(lack));
  }
}
