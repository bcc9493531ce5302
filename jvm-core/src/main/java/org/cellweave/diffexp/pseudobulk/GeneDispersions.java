package org.cellweave.diffexp.pseudobulk;

import org.cellweave.util.Parallel;

/**
 * Dispersions of every gene for itself: a first guess by moments, expected counts from it, and the
 * maximum of the adjusted likelihood at those. Expected counts are group means, floored, where the
 * design has a coefficient for every group; otherwise those of a first fit as they are, as in
 * PyDESeq2.
 */
final class GeneDispersions {
  static final int GENES_PER_BLOCK = 32;

  private GeneDispersions() {}

  /**
   * @param dispersions one per gene
   * @param mu expected counts, genes by samples
   */
  record Estimates(double[] dispersions, double[][] mu) {}

  /**
   * @param counts genes by samples, none of zeros alone
   */
  static Estimates of(double[][] counts, SampleDesign design, PseudobulkDe.Params params) {
    double most = most(design);
    double[] dispersions = new double[counts.length];
    double[][] mu = new double[counts.length][];
    Parallel.forRange(
        counts.length,
        GENES_PER_BLOCK,
        (from, to) -> {
          var moments = new Moments(design);
          var glm = new NegativeBinomialGlm(design, params.maxIter(), params.minMu());
          var likelihood = new CoxReid(design, params.minDisp(), most);
          for (int g = from; g < to; g++) {
            double guess = Math.min(most, Math.max(params.minDisp(), moments.guess(counts[g])));
            mu[g] = moments.linearMu(params.minMu());
            if (!design.isGroups()) {
              glm.fit(counts[g], guess);
              mu[g] = glm.mu().clone();
            }
            dispersions[g] = likelihood.fit(counts[g], mu[g], guess);
          }
        });
    return new Estimates(dispersions, mu);
  }

  /** Largest dispersion that is looked for. */
  static double most(SampleDesign design) {
    return Math.max(10, design.n);
  }

  /** Least squares on normalised counts. */
  private static final class Moments {
    private final SampleDesign design;
    private final double[] normalised;
    private final double[] beta;
    private final double meanInverse;

    Moments(SampleDesign design) {
      this.design = design;
      this.normalised = new double[design.n];
      this.beta = new double[design.p];
      double sum = 0;
      for (double factor : design.sizeFactors) {
        sum += 1 / factor;
      }
      this.meanInverse = sum / design.n;
    }

    /** The smaller of two: by residuals of the design, and by the variance of all samples. */
    double guess(double[] y) {
      double sum = 0;
      for (int i = 0; i < design.n; i++) {
        normalised[i] = y[i] / design.sizeFactors[i];
        sum += normalised[i];
      }
      double mean = sum / design.n;
      design.leastSquares(normalised, beta);
      double squares = 0;
      double rough = 0;
      for (int i = 0; i < design.n; i++) {
        squares += (normalised[i] - mean) * (normalised[i] - mean);
        double fitted = Math.max(1, design.predictor(i, beta));
        double residual = normalised[i] - fitted;
        rough += (residual * residual - fitted) / (fitted * fitted);
      }
      double variance = squares / (design.n - 1);
      double overall = (variance - meanInverse * mean) / (mean * mean);
      return Math.min(Math.max(0, rough / (design.n - design.p)), overall);
    }

    double[] linearMu(double least) {
      double[] mu = new double[design.n];
      for (int i = 0; i < design.n; i++) {
        mu[i] = Math.max(least, design.sizeFactors[i] * design.predictor(i, beta));
      }
      return mu;
    }
  }
}
