package org.cellweave.neural.fused;

import java.util.Arrays;
import org.cellweave.neural.distributions.CountMath;

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

  ZeroInflatedPass(Inputs inputs, Dispersions dispersions, int[] levels, boolean wantsGradient) {
    super(inputs, dispersions, levels, wantsGradient);
    logTheta = new double[dispersions.theta.length];
    for (int k = 0; k < logTheta.length; k++) {
      logTheta[k] = -Math.log(dispersions.inverse[k]);
    }
  }

  @Override
  Block block() {
    return new Cells();
  }

  private final class Cells extends Block {
    private final Shares shares = new Shares(genes);
    private final double[] expected = new double[genes];
    private final double[] slope = new double[genes];

    /** {@code exp(-pi)}. */
    private final double[] inflation = new double[genes];

    /** {@code log(1 + mu / theta)}. */
    private final double[] log = new double[genes];

    /** {@code (1 + mu / theta)^-theta}. */
    private final double[] zero = new double[genes];

    /** Of a zero: the probability that it is the negative binomial's. */
    private final double[] own = new double[genes];

    private final double[] product = new double[genes];
    private double[] byTheta;
    private double ended;

    Cells() {
      Arrays.fill(product, 1);
    }

    @Override
    double cell(int cell) {
      int at = cell * genes;
      double library = in.library()[cell];
      double sum = shares.load(in.scale(), at);
      double factor = Math.exp(library) / sum;
      byTheta = wantsGradient ? ownGradient() : null;
      load(at, factor, library - Math.log(sum) - shares.shift());
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
      float[] logits = in.scale();
      float[] dropout = in.dropout();
      double[] inverse = dispersions.inverse;
      double[] e = shares.exponential;
      int offset = level() * genes;
      for (int g = 0; g < genes; g++) {
        inflation[g] = -dropout[at + g];
      }
      Exponentials.ofShifted(inflation, genes, 0);
      for (int g = 0; g < genes; g++) {
        // the logarithm of the ratio is known where the ratio itself would lose digits
        log[g] = logits[at + g] + logFactor - logTheta[offset + g];
      }
      for (int g = 0; g < genes; g++) {
        double mu = e[g] * factor;
        expected[g] = mu;
        double ratio = mu * inverse[offset + g];
        double small = Math.min(ratio, 1 / ratio);
        log[g] = Math.max(log[g], 0) + Exponentials.log1p(small);
      }
      for (int g = 0; g < genes; g++) {
        zero[g] = -dispersions.theta[offset + g] * log[g];
      }
      Exponentials.ofShifted(zero, genes, 0);
    }

    private void zeros() {
      for (int g = 0; g < genes; g++) {
        double other = inflation[g] * zero[g];
        double inverse = 1 / (1 + other);
        product[g] *= (1 + inflation[g]) * inverse;
        own[g] = other * inverse;
      }
    }

    private void slopes(int at) {
      double[] theta = dispersions.theta;
      double[] inverse = dispersions.inverse;
      int offset = level() * genes;
      for (int g = 0; g < genes; g++) {
        double of = theta[offset + g];
        double share = of / (of + expected[g] + EPSILON);
        slope[g] = own[g] * expected[g] * share;
        byTheta[g] += own[g] * (log[g] - of * inverse[offset + g] + share);
      }
      float[] dropout = in.dropout();
      for (int g = 0; g < genes; g++) {
        double f = inflation[g];
        dropout[at + g] = (float) (own[g] - f / (1 + f));
      }
    }

    /** Puts genes with a count right; what they add to minus the log likelihood. */
    private double counted(int cell) {
      int[] start = counts.start();
      int offset = level() * genes;
      double sum = 0;
      for (int p = start[cell]; p < start[cell + 1]; p++) {
        int g = counts.gene()[p];
        double x = counts.value()[p];
        double theta = dispersions.theta[offset + g];
        double mu = expected[g];
        double inverse = 1 / (theta + mu + EPSILON);
        double logit = -Math.log(inflation[g]);
        // its zero is in the product, and is taken out again
        sum += Math.log(1 + inflation[g] * zero[g]) + logit + theta * log[g];
        sum -= x * Math.log((mu + EPSILON) * inverse) + CountMath.logRising(x, theta);
        if (wantsGradient) {
          slope[g] = mu * (theta * inverse + x * (inverse - 1 / (mu + EPSILON)));
          double rest = 1 - own[g];
          byTheta[g] +=
              rest * (log[g] - theta * dispersions.inverse[offset + g] + theta * inverse)
                  + x * inverse
                  - CountMath.digammaRising(x, theta);
          in.dropout()[cell * genes + g] = (float) (1 / (1 + inflation[g]));
        }
      }
      return sum;
    }

    @Override
    double end() {
      for (int g = 0; g < genes; g++) {
        ended += Math.log(product[g]);
      }
      return ended;
    }
  }
}
