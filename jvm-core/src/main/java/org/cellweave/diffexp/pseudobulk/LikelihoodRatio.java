package org.cellweave.diffexp.pseudobulk;

import org.apache.commons.numbers.gamma.LogGamma;
import org.cellweave.diffexp.Significance;
import org.cellweave.util.Elementary;

/** Whether a design explains counts better than a smaller one with the same dispersions. */
final class LikelihoodRatio {
  private LikelihoodRatio() {}

  /** Of negative binomial counts; {@code alpha} above 0. */
  static double logLikelihood(double[] y, double[] mu, double alpha) {
    double r = 1 / alpha;
    double sum = -y.length * LogGamma.value(r);
    for (int i = 0; i < y.length; i++) {
      sum += LogGamma.value(y[i] + r) - LogGamma.value(y[i] + 1);
      sum -= r * Elementary.log1p(alpha * mu[i]);
      sum += y[i] == 0 ? 0 : -y[i] * Elementary.log1p(r / mu[i]);
    }
    return sum;
  }

  /**
   * @param df coefficients that the smaller design lacks
   */
  static Tested test(double full, double reduced, int df) {
    double stat = 2 * (full - reduced);
    return new Tested(stat, Significance.chiSquared(stat, df));
  }

  /** A statistic and its p-value. */
  record Tested(double stat, double pvalue) {}
}
