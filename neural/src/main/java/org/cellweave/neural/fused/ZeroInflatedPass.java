package org.cellweave.neural.fused;

import java.util.Arrays;
import org.cellweave.neural.distributions.CountMath;
import org.cellweave.util.Elementary;

/**
 * The negative binomial likelihood with additional zeros, of shares by softmax. As {@link
 * NegativeBinomialPass}, with loops over all genes as if they had no count.
 *
 * <p>With {@code L = log(1 + mu / theta)} a zero has the likelihood {@code (1 + exp(-pi - theta L))
 * / (1 + exp(-pi))}. Logarithms of these are taken once per gene and block, of the product over its
 * cells, which stays below 1e280 since exponents are kept within 40.
 */
final class ZeroInflatedPass extends LikelihoodPass {
  private static final double EPSILON = CountMath.EPSILON;

  private final double[] logTheta;

  ZeroInflatedPass(
      Inputs inputs,
      Dispersions dispersions,
      int[] levels,
      boolean wantsGradient,
      DoubleArrays room) {
    super(inputs, dispersions, levels, wantsGradient, room);
    logTheta = new double[dispersions.theta.length];
    for (int k = 0; k < logTheta.length; k++) {
      logTheta[k] = -Elementary.log(dispersions.inverse[k]);
    }
  }

  @Override
  Block block() {
    return new Cells();
  }

  private final class Cells extends Block {
    private final Shares shares = new Shares(array(), array());
    private final double[] expected = array();
    private final double[] slope = array();

    /** {@code exp(-pi)}. */
    private final double[] inflation = array();

    /** {@code log(1 + mu / theta)}. */
    private final double[] log = array();

    /** {@code (1 + mu / theta)^-theta}. */
    private final double[] zero = array();

    /** {@code theta / (theta + mu)}. */
    private final double[] share = array();

    /** {@code f / (1 + f)} of the inflation f. */
    private final double[] technical = array();

    /** Of a zero: the probability that it is the negative binomial's. */
    private final double[] own = array();

    private final double[] product = array();
    private final CountedTerms counted = new CountedTerms();
    private final double[] logThetas = array();
    private double[] byTheta;
    private double ended;

    Cells() {
      Arrays.fill(product, 1);
    }

    @Override
    void beginLevel() {
      System.arraycopy(logTheta, level() * genes, logThetas, 0, genes);
    }

    @Override
    double cell(int cell) {
      int at = cell * genes;
      double library = in.library()[cell];
      double sum = shares.load(in.scale(), at);
      double factor = Elementary.exp(library) / sum;
      byTheta = wantsGradient ? ownGradient() : null;
      load(at, factor, library - Elementary.log(sum) - shares.shift());
      zeros();
      if (wantsGradient) {
        slopes(at);
      }
      double value = counted(cell);
      if (wantsGradient) {
        double slopes = Shares.sum(slope, genes);
        in.libraryGradient()[cell] = (float) slopes;
        shares.handBack(in.scale(), at, slope, slopes / sum);
      }
      return value;
    }

    /**
     * @param logFactor logarithm of an expectation less its logit
     */
    private void load(int at, double factor, double logFactor) {
      double[] logits = shares.logit;
      float[] dropout = in.dropout();
      double[] e = shares.exponential;
      for (int g = 0; g < genes; g++) {
        inflation[g] = -dropout[at + g];
      }
      Exponentials.ofShifted(inflation, genes, 0);
      for (int g = 0; g < genes; g++) {
        // the logarithm of the ratio is known where the ratio itself would lose digits
        log[g] = logits[g] + logFactor - logThetas[g];
      }
      // loops of few operations with one result: the JIT makes no vector code of others
      double[] small = zero;
      for (int g = 0; g < genes; g++) {
        expected[g] = e[g] * factor;
      }
      // one division for two quotients: they are what takes the time here
      for (int g = 0; g < genes; g++) {
        share[g] = 1 / (expected[g] * (theta[g] + expected[g] + EPSILON));
      }
      for (int g = 0; g < genes; g++) {
        small[g] = (theta[g] + EPSILON) * (theta[g] + expected[g] + EPSILON) * share[g];
      }
      for (int g = 0; g < genes; g++) {
        share[g] *= theta[g] * expected[g];
      }
      for (int g = 0; g < genes; g++) {
        small[g] = Math.min(expected[g] * inverse[g], small[g]);
      }
      Exponentials.log1p(small, genes);
      for (int g = 0; g < genes; g++) {
        log[g] = Math.max(log[g], 0) + small[g];
      }
      for (int g = 0; g < genes; g++) {
        zero[g] = -theta[g] * log[g];
      }
      Exponentials.ofAtMost(zero, genes, 0, zero);
    }

    private void zeros() {
      for (int g = 0; g < genes; g++) {
        own[g] = 1 / ((1 + inflation[g]) * (1 + inflation[g] * zero[g]));
      }
      for (int g = 0; g < genes; g++) {
        product[g] *= (1 + inflation[g]) * (1 + inflation[g]) * own[g];
      }
      for (int g = 0; g < genes; g++) {
        technical[g] = inflation[g] * (1 + inflation[g] * zero[g]) * own[g];
      }
      for (int g = 0; g < genes; g++) {
        own[g] *= inflation[g] * zero[g] * (1 + inflation[g]);
      }
    }

    private void slopes(int at) {
      for (int g = 0; g < genes; g++) {
        slope[g] = own[g] * expected[g] * share[g];
      }
      for (int g = 0; g < genes; g++) {
        byTheta[g] += own[g] * (log[g] - theta[g] * inverse[g] + share[g]);
      }
      float[] dropout = in.dropout();
      for (int g = 0; g < genes; g++) {
        dropout[at + g] = (float) (own[g] - technical[g]);
      }
    }

    /** Puts genes with a count right; what they add to minus the log likelihood. */
    private double counted(int cell) {
      int[] start = counts.start();
      double sum = 0;
      for (int p = start[cell]; p < start[cell + 1]; p++) {
        int g = counts.gene()[p];
        double x = counts.value()[p];
        double of = theta[g];
        double mu = expected[g];
        double overTotal = 1 / (of + mu + EPSILON);
        // its zero is in the product, and is taken out again
        counted.times(inflation[g] / (1 + inflation[g] * zero[g]));
        sum += of * log[g];
        double digamma = counted.add(x, of, (mu + EPSILON) * overTotal);
        if (wantsGradient) {
          slope[g] = mu * (of * overTotal + x * (overTotal - 1 / (mu + EPSILON)));
          double rest = 1 - own[g];
          byTheta[g] +=
              rest * (log[g] - of * inverse[g] + of * overTotal) + x * overTotal - digamma;
          in.dropout()[cell * genes + g] = (float) (1 / (1 + inflation[g]));
        }
      }
      return sum - counted.take();
    }

    @Override
    double end() {
      for (int g = 0; g < genes; g++) {
        ended += Elementary.log(product[g]);
      }
      return ended;
    }
  }
}
