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
 * The negative log likelihood of the counts of a minibatch, in operations whose gradients
 * TensorFlow has.
 *
 * <p>Every gene is first taken as if it had no count, by few operations on cells by genes; what
 * counts add is computed at those that are not zero.
 */
final class CountLikelihood {
  private static final double EPSILON = CountMath.EPSILON;

  private final Algebra a;
  private final CountHeads heads;
  private final CountInputs counts;
  private final DispersionInputs dispersions;

  /** Cells by genes: the expectation with Poisson counts, that over the dispersion with others. */
  private Operand<TFloat32> expected;

  /** Dispersions, and what keeps their logarithms finite added, as tables. */
  private Operand<TFloat32> theta;

  private Operand<TFloat32> guarded;

  CountLikelihood(Algebra a, CountHeads heads, CountInputs counts, DispersionInputs dispersions) {
    this.a = a;
    this.heads = heads;
    this.counts = counts;
    this.dispersions = dispersions;
  }

  private static Operand<TFloat32> value(Node node) {
    return ((TensorNode) node).value();
  }

  /** Expectations of all genes: cells by genes. */
  private Operand<TFloat32> expectations() {
    Operand<TFloat32> scale = value(heads.scale());
    Operand<TFloat32> shares = heads.softplus() ? a.softplus(scale) : a.tf().nn.softmax(scale);
    return a.times(shares, a.exp(value(heads.library())));
  }

  /** Sum over cells, but for factorials. */
  Operand<TFloat32> poisson() {
    expected = expectations();
    Operand<TFloat32> atCounts = a.pick(expected, counts.places());
    // a share may be too small for float32
    Operand<TFloat32> log = a.log(a.tf().math.maximum(atCounts, a.constant(Float.MIN_NORMAL)));
    return a.minus(a.sum(expected), a.sumOfList(a.times(counts.values(), log)));
  }

  /**
   * As {@link #poisson}.
   *
   * @param logDispersions table of them, or cells by genes
   * @param codes which row of the table every cell has; null for one row, or one per cell
   */
  Operand<TFloat32> negativeBinomial(Operand<TFloat32> logDispersions, Operand<TInt32> codes) {
    theta = a.exp(logDispersions);
    guarded = a.plus(theta, EPSILON);
    Operand<TFloat32> ofCells = codes == null ? theta : a.rowsOf(theta, codes);
    Operand<TFloat32> guardedOfCells = codes == null ? guarded : a.rowsOf(guarded, codes);
    // one division per gene, not per cell and gene, where all cells share them
    expected =
        dispersions.oneRow()
            ? a.times(expectations(), a.over(a.constant(1), guardedOfCells))
            : a.over(expectations(), guardedOfCells);
    Operand<TFloat32> log = a.tf().math.log1p(expected);
    Operand<TFloat32> zeros =
        heads.likelihood() == Likelihood.ZINB ? inflated(log, ofCells) : plain(log, ofCells);
    return a.minus(zeros, a.plus(atCounts(), rising()));
  }

  private Operand<TFloat32> plain(Operand<TFloat32> log, Operand<TFloat32> ofCells) {
    return dispersions.oneRow()
        ? a.sum(a.times(a.sumOfColumns(log), ofCells))
        : a.sum(a.times(log, ofCells));
  }

  /** With additional zeros; where there is a count it cannot be one of them. */
  private Operand<TFloat32> inflated(Operand<TFloat32> log, Operand<TFloat32> ofCells) {
    Operand<TFloat32> logit = value(heads.dropout());
    Operand<TFloat32> ordinary = a.negative(a.plus(a.times(log, ofCells), logit));
    Operand<TFloat32> all = a.sum(a.minus(a.softplus(a.negative(logit)), a.softplus(ordinary)));
    Operand<TFloat32> counted = a.pick(ordinary, counts.places());
    return a.plus(all, a.sumOfList(a.softplus(a.negative(counted))));
  }

  /** What expectations and dispersions weigh at counts. */
  private Operand<TFloat32> atCounts() {
    Operand<TFloat32> total = a.pick(guarded, dispersions.places());
    Operand<TFloat32> mu = a.times(a.pick(expected, counts.places()), total);
    Operand<TFloat32> logs = a.minus(a.log(a.plus(mu, EPSILON)), a.log(a.plus(mu, total)));
    return a.sumOfList(a.times(counts.values(), logs));
  }

  /** What gamma functions of counts and dispersions weigh. */
  private Operand<TFloat32> rising() {
    Ops tf = a.tf();
    Operand<TFloat32> ofFactors = a.pick(theta, dispersions.ofFactors());
    Operand<TFloat32> logs = a.log(a.plus(ofFactors, dispersions.steps()));
    Operand<TFloat32> small = a.sumOfList(a.times(dispersions.weights(), logs));
    // in float64: the difference of two large numbers
    var ofLarge = tf.dtypes.cast(a.pick(theta, dispersions.ofLarge()), TFloat64.class);
    var large = tf.dtypes.cast(dispersions.large(), TFloat64.class);
    var gamma = tf.math.sub(tf.math.lgamma(tf.math.add(ofLarge, large)), tf.math.lgamma(ofLarge));
    return a.plus(small, tf.dtypes.cast(tf.sum(gamma, tf.constant(0)), TFloat32.class));
  }
}
