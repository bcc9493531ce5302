package org.cellweave.neural.tensorflow;

import org.cellweave.neural.distributions.CountMath;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.nn.CountHeads;
import org.cellweave.neural.nn.Node;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * The negative log likelihood of the counts of a minibatch.
 *
 * <p>Every gene is first taken as if it had no count, by few operations on cells by genes; what
 * counts add is computed at those that are not zero. {@link CountSlopes} has the gradients, from
 * the same intermediate results.
 */
final class CountLikelihood {
  static final double EPSILON = CountMath.EPSILON;

  /**
   * Smaller logits of additional zeros are taken as this: float32 has no sigmoid of them, and what
   * a zero weighs is the same to rounding.
   */
  private static final double LEAST_LOGIT = -80;

  final Algebra a;
  final CountHeads heads;
  final CountInputs counts;
  final DispersionInputs dispersions;

  /** Cells by genes: shares of a cell's total. */
  final Operand<TFloat32> shares;

  /** Cells by genes: the expectation with Poisson counts, that over the dispersion with others. */
  final Operand<TFloat32> expected;

  /** With others than Poisson counts only: what dispersions make of expectations. */
  final Dispersed dispersed;

  /** With additional zeros only. */
  final Inflated inflated;

  /**
   * Tables have one row, one per level or one per cell.
   *
   * @param codes which row of a table every cell has; null for one row, or one per cell
   * @param theta table of dispersions
   * @param guarded these with what keeps their logarithms finite added
   * @param thetaOfCells rows of the table by cell, or its only row
   * @param log cells by genes, of 1 + {@code expected}
   */
  record Dispersed(
      Operand<TInt32> codes,
      Operand<TFloat32> theta,
      Operand<TFloat32> guarded,
      Operand<TFloat32> thetaOfCells,
      Operand<TFloat32> log) {}

  /**
   * Cells by genes.
   *
   * @param logit of the probability that a zero is an additional one
   * @param prior probability of an additional zero
   * @param posterior the same where there is a zero
   */
  record Inflated(Operand<TFloat32> logit, Operand<TFloat32> prior, Operand<TFloat32> posterior) {}

  /**
   * @param logDispersions table of them; null with Poisson counts
   * @param codes which row of the table every cell has; null for one row, or one per cell
   */
  CountLikelihood(
      Algebra a,
      CountHeads heads,
      CountInputs counts,
      DispersionInputs dispersions,
      Operand<TFloat32> logDispersions,
      Operand<TInt32> codes) {
    this.a = a;
    this.heads = heads;
    this.counts = counts;
    this.dispersions = dispersions;
    Operand<TFloat32> scale = value(heads.scale());
    this.shares = heads.softplus() ? a.softplus(scale) : a.tf().nn.softmax(scale);
    Operand<TFloat32> mu = a.times(shares, a.exp(value(heads.library())));
    if (heads.likelihood() == Likelihood.POISSON) {
      this.expected = mu;
      this.dispersed = null;
      this.inflated = null;
      return;
    }
    Operand<TFloat32> theta = a.exp(logDispersions);
    Operand<TFloat32> guarded = a.plus(theta, EPSILON);
    Operand<TFloat32> guardedOfCells = codes == null ? guarded : a.rowsOf(guarded, codes);
    // one division per gene, not per cell and gene, where all cells share them
    this.expected =
        dispersions.oneRow()
            ? a.times(mu, a.over(a.constant(1), guardedOfCells))
            : a.over(mu, guardedOfCells);
    this.dispersed =
        new Dispersed(
            codes,
            theta,
            guarded,
            codes == null ? theta : a.rowsOf(theta, codes),
            a.tf().math.log1p(expected));
    this.inflated = heads.likelihood() == Likelihood.ZINB ? inflated() : null;
  }

  static Operand<TFloat32> value(Node node) {
    return ((TensorNode) node).value();
  }

  private Inflated inflated() {
    Operand<TFloat32> prior = a.atLeast(value(heads.dropout()), LEAST_LOGIT);
    Operand<TFloat32> logit = a.plus(prior, a.times(dispersed.log(), dispersed.thetaOfCells()));
    return new Inflated(logit, a.sigmoid(prior), a.sigmoid(logit));
  }

  /** Sum over cells, but for factorials. */
  Operand<TFloat32> sum() {
    if (dispersed == null) {
      return poisson();
    }
    Operand<TFloat32> zeros = inflated == null ? plain() : withInflation();
    return a.minus(zeros, a.plus(atCounts(), rising()));
  }

  private Operand<TFloat32> poisson() {
    Operand<TFloat32> atCounts = a.pick(expected, counts.places());
    // a share may be too small for float32
    Operand<TFloat32> log = a.log(a.atLeast(atCounts, Float.MIN_NORMAL));
    return a.minus(a.sum(expected), a.sumOfList(a.times(counts.values(), log)));
  }

  private Operand<TFloat32> plain() {
    return dispersions.oneRow()
        ? a.sum(a.times(a.sumOfColumns(dispersed.log()), dispersed.theta()))
        : a.sum(a.times(dispersed.log(), dispersed.thetaOfCells()));
  }

  /** Where there is a count it cannot be an additional zero. */
  private Operand<TFloat32> withInflation() {
    Operand<TFloat32> all = a.sum(a.log(a.over(inflated.posterior(), inflated.prior())));
    Operand<TFloat32> counted = a.pick(inflated.logit(), counts.places());
    return a.plus(all, a.sumOfList(a.softplus(counted)));
  }

  /** What expectations and dispersions weigh at counts. */
  private Operand<TFloat32> atCounts() {
    Operand<TFloat32> total = a.plus(a.pick(dispersed.theta(), dispersions.places()), EPSILON);
    Operand<TFloat32> mu = a.times(a.pick(expected, counts.places()), total);
    Operand<TFloat32> logs = a.minus(a.log(a.plus(mu, EPSILON)), a.log(a.plus(mu, total)));
    return a.sumOfList(a.times(counts.values(), logs));
  }

  /** What gamma functions of counts and dispersions weigh. */
  private Operand<TFloat32> rising() {
    Ops tf = a.tf();
    Operand<TFloat32> ofFactors = a.pick(dispersed.theta(), dispersions.ofFactors());
    Operand<TFloat32> logs = a.log(a.plus(ofFactors, dispersions.steps()));
    Operand<TFloat32> small = a.sumOfList(a.times(dispersions.weights(), logs));
    // in float64: the difference of two large numbers
    var ofLarge = tf.dtypes.cast(a.pick(dispersed.theta(), dispersions.ofLarge()), TFloat64.class);
    var large = tf.dtypes.cast(dispersions.large(), TFloat64.class);
    var gamma = tf.math.sub(tf.math.lgamma(tf.math.add(ofLarge, large)), tf.math.lgamma(ofLarge));
    return a.plus(small, tf.dtypes.cast(tf.sum(gamma, tf.constant(0)), TFloat32.class));
  }
}
