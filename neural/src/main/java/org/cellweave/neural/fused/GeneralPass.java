package org.cellweave.neural.fused;

import org.cellweave.neural.distributions.CountMath;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.nn.CountHeads;
import org.cellweave.util.Elementary;

/** Any likelihood, gene by gene: additional zeros, Poisson, size factors, dispersions per cell. */
final class GeneralPass extends LikelihoodPass {
  private static final double EPSILON = CountMath.EPSILON;

  private final Likelihood likelihood;
  private final boolean softplus;

  GeneralPass(
      Inputs inputs,
      CountHeads heads,
      Dispersions dispersions,
      int[] levels,
      boolean wantsGradient,
      DoubleArrays room) {
    super(inputs, dispersions, levels, wantsGradient, room);
    this.likelihood = heads.likelihood();
    this.softplus = heads.softplus();
  }

  @Override
  Block block() {
    return new Cells();
  }

  private final class Cells extends Block {
    private final double[] share = array();
    private final float[] x = new float[genes];
    private final double[] slope = array();
    private double[] dTheta;

    /** Of one gene: minus its log likelihood, and what that changes by. */
    private double value;

    private double byMu;
    private double byTheta;
    private double byLogit;

    @Override
    double cell(int cell) {
      int at = cell * genes;
      double total = Elementary.exp(in.library()[cell]);
      shares(at);
      int[] start = counts.start();
      for (int p = start[cell]; p < start[cell + 1]; p++) {
        x[counts.gene()[p]] = counts.value()[p];
      }
      dTheta = wantsGradient && dispersions != null ? ownGradient() : null;
      double sum = 0;
      double slopes = 0;
      for (int g = 0; g < genes; g++) {
        double mu = total * share[g];
        one(at, g, mu);
        sum += value;
        slope[g] = byMu * mu;
        slopes += slope[g];
      }
      for (int p = start[cell]; p < start[cell + 1]; p++) {
        x[counts.gene()[p]] = 0;
      }
      if (wantsGradient) {
        in.libraryGradient()[cell] = (float) slopes;
        handBack(at, slopes);
      }
      return sum;
    }

    private void shares(int at) {
      float[] logits = in.scale();
      for (int g = 0; g < genes; g++) {
        share[g] = logits[at + g];
      }
      if (softplus) {
        for (int g = 0; g < genes; g++) {
          share[g] = CountMath.softplus(share[g]);
        }
        return;
      }
      double largest = Double.NEGATIVE_INFINITY;
      for (int g = 0; g < genes; g++) {
        largest = Math.max(largest, share[g]);
      }
      Exponentials.ofAtMost(share, genes, largest, share);
      double sum = 0;
      for (int g = 0; g < genes; g++) {
        sum += share[g];
      }
      double inverse = 1 / sum;
      for (int g = 0; g < genes; g++) {
        share[g] *= inverse;
      }
    }

    private void one(int at, int g, double mu) {
      if (likelihood == Likelihood.POISSON) {
        poisson(x[g], mu);
        return;
      }
      double theta =
          dispersions == null
              ? Elementary.exp(in.cellDispersion()[at + g])
              : dispersions.theta[level() * genes + g];
      negativeBinomial(x[g], mu, theta);
      if (likelihood == Likelihood.ZINB) {
        inflate(x[g], in.dropout()[at + g]);
        if (wantsGradient) {
          in.dropout()[at + g] = (float) byLogit;
        }
      }
      if (!wantsGradient) {
        return;
      }
      if (dTheta != null) {
        dTheta[g] += byTheta;
      } else {
        in.cellDispersion()[at + g] = (float) (byTheta * theta);
      }
    }

    private void poisson(double count, double rate) {
      double log = count == 0 ? 0 : Elementary.log(rate);
      value = rate - count * log + (count == 0 ? 0 : CountMath.logFactorial(count));
      byMu = count == 0 ? 1 : 1 - count / rate;
    }

    private void negativeBinomial(double count, double mu, double theta) {
      double inverse = 1 / (theta + mu + EPSILON);
      double log = Elementary.log((theta + EPSILON) * inverse);
      value = -theta * log;
      byMu = theta * inverse;
      byTheta = -(log + theta / (theta + EPSILON) - theta * inverse);
      if (count > 0) {
        value -=
            count * Elementary.log((mu + EPSILON) * inverse) + CountMath.logRising(count, theta);
        byMu += count * (inverse - 1 / (mu + EPSILON));
        byTheta += count * inverse - CountMath.digammaRising(count, theta);
      }
    }

    /** From a negative binomial count to one with additional zeros. */
    private void inflate(double count, double logit) {
      double fewer = Elementary.exp(-logit);
      double none = logit > -30 ? Elementary.log1p(fewer) : -logit;
      double share = 1 - 1 / (1 + fewer);
      if (count > 0) {
        value += logit + none;
        byLogit = 1 - share;
        return;
      }
      // -value is the logarithm of the negative binomial's own zero
      double other = -value - logit;
      double zero = CountMath.sigmoid(other);
      value = none - CountMath.softplus(other);
      byLogit = zero - share;
      byMu *= zero;
      byTheta *= zero;
    }

    private void handBack(int at, double slopes) {
      float[] out = in.scale();
      if (softplus) {
        for (int g = 0; g < genes; g++) {
          double logit = out[at + g];
          out[at + g] = (float) (slope[g] / share[g] * CountMath.sigmoid(logit));
        }
        return;
      }
      for (int g = 0; g < genes; g++) {
        out[at + g] = (float) (slope[g] - share[g] * slopes);
      }
    }

    @Override
    double end() {
      return 0;
    }
  }
}
