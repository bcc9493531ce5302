package org.cellweave.neural.tensorflow;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * Gradients of a {@link CountLikelihood} in closed form: half as many operations on cells by genes
 * as TensorFlow's own, which follow each operation of the likelihood by itself.
 *
 * <p>Every gene is taken as if it had no count, as there, and put right at those that are not zero.
 * With {@code e} the expectation over the dispersion {@code t}, a zero weighs {@code t log(1 + e)}
 * times the probability {@code w} that it is no additional one.
 */
final class CountSlopes {
  private final CountLikelihood of;
  private final Algebra a;
  private final Operand<TFloat32> factor;
  private final Operand<TFloat32> library;
  private Operand<TFloat32> bySpread;
  private Operand<TFloat32> dropout;
  private Operand<TFloat32> dispersions;

  /**
   * @param factor one value: what the sum over cells counts in the objective
   */
  CountSlopes(CountLikelihood of, Operand<TFloat32> factor) {
    this.of = of;
    this.a = of.a;
    this.factor = factor;
    if (of.dispersed == null) {
      Operand<TFloat32> expected = a.pick(of.expected, of.counts.places());
      Operand<TFloat32> atCounts = a.minus(expected, of.counts.values());
      bySpread = replaced(a.times(of.expected, factor), a.times(atCounts, factor));
    } else {
      negativeBinomial();
    }
    library = a.sumOfRows(bySpread);
  }

  /** Cells by genes: by what shares are made of. */
  Operand<TFloat32> scale() {
    if (of.heads.softplus()) {
      Operand<TFloat32> rise = a.sigmoid(CountLikelihood.value(of.heads.scale()));
      return a.times(bySpread, a.over(rise, a.atLeast(of.shares, Float.MIN_NORMAL)));
    }
    return a.minus(bySpread, a.times(of.shares, library));
  }

  /** Cells by 1: by logarithms of totals. */
  Operand<TFloat32> library() {
    return library;
  }

  /** Cells by genes: by logits of additional zeros; null without. */
  Operand<TFloat32> dropout() {
    return dropout;
  }

  /** By logarithms of dispersions, of their table's shape; null without. */
  Operand<TFloat32> dispersions() {
    return dispersions;
  }

  private void negativeBinomial() {
    CountLikelihood.Dispersed by = of.dispersed;
    Operand<TFloat32> share = a.over(of.expected, a.plus(of.expected, 1));
    Operand<TFloat32> log = by.log();
    if (of.inflated != null) {
      Operand<TFloat32> none = a.tf().zerosLike(of.counts.values());
      Operand<TFloat32> technical = replaced(of.inflated.posterior(), none);
      dropout = a.times(a.minus(of.inflated.prior(), technical), factor);
      Operand<TFloat32> weight = a.minus(a.constant(1), technical);
      share = a.times(weight, share);
      log = a.times(weight, log);
    }
    Operand<TFloat32> zeros = a.times(share, a.times(by.thetaOfCells(), factor));
    Operand<TFloat32> theta = a.pick(by.theta(), of.dispersions.places());
    Operand<TFloat32> total = a.plus(theta, CountLikelihood.EPSILON);
    Operand<TFloat32> expected = a.pick(of.expected, of.counts.places());
    Operand<TFloat32> mu = a.times(expected, total);
    Operand<TFloat32> rest = a.over(a.constant(1), a.plus(expected, 1));
    Operand<TFloat32> own = a.over(mu, a.plus(mu, CountLikelihood.EPSILON));
    Operand<TFloat32> moved = a.minus(own, a.times(expected, rest));
    Operand<TFloat32> atCounts =
        a.minus(a.times(theta, a.times(expected, rest)), a.times(of.counts.values(), moved));
    bySpread = replaced(zeros, a.times(atCounts, factor));
    Operand<TFloat32> lost = a.times(of.counts.values(), a.over(rest, total));
    dispersions = a.times(a.times(a.plus(ofZeros(log, share), ofCounts(lost)), by.theta()), factor);
  }

  /** Cells by genes with other values where there are counts. */
  private Operand<TFloat32> replaced(Operand<TFloat32> matrix, Operand<TFloat32> values) {
    Ops tf = a.tf();
    Operand<TInt32> places = tf.expandDims(of.counts.places(), tf.constant(1));
    Operand<TFloat32> list = a.reshape(matrix, -1);
    return tf.reshape(tf.tensorScatterNdUpdate(list, places, values), of.counts.shape());
  }

  /** By dispersions, every gene as if it had no count. */
  private Operand<TFloat32> ofZeros(Operand<TFloat32> log, Operand<TFloat32> share) {
    Operand<TFloat32> ratio = a.over(of.dispersed.theta(), of.dispersed.guarded());
    Operand<TFloat32> logs = byRow(log);
    return a.minus(logs, a.times(byRow(share), ratio));
  }

  /** Adds up cells by genes as their dispersions are shared. */
  private Operand<TFloat32> byRow(Operand<TFloat32> matrix) {
    if (of.dispersions.oneRow()) {
      return a.sumOfColumns(matrix);
    }
    Operand<TInt32> codes = of.dispersed.codes();
    return codes == null
        ? matrix
        : a.sumsByNumber(matrix, codes, a.tf().constant(of.heads.dispersion().rows()));
  }

  /**
   * By dispersions, what counts add.
   *
   * @param lost of every count, beside what gamma functions add
   */
  private Operand<TFloat32> ofCounts(Operand<TFloat32> lost) {
    Ops tf = a.tf();
    Operand<TFloat32> theta = of.dispersed.theta();
    Operand<TInt32> size = tf.size(theta);
    Operand<TFloat32> ofFactors = a.pick(theta, of.dispersions.ofFactors());
    Operand<TFloat32> steps =
        a.over(of.dispersions.weights(), a.plus(ofFactors, of.dispersions.steps()));
    var ofLarge = tf.dtypes.cast(a.pick(theta, of.dispersions.ofLarge()), TFloat64.class);
    var large = tf.dtypes.cast(of.dispersions.large(), TFloat64.class);
    var gamma = tf.math.sub(tf.math.digamma(tf.math.add(ofLarge, large)), tf.math.digamma(ofLarge));
    Operand<TFloat32> sums =
        a.minus(
            a.sumsByNumber(lost, of.dispersions.places(), size),
            a.plus(
                a.sumsByNumber(steps, of.dispersions.ofFactors(), size),
                a.sumsByNumber(
                    tf.dtypes.cast(gamma, TFloat32.class), of.dispersions.ofLarge(), size)));
    return tf.reshape(sums, tf.shape(theta));
  }
}
