package org.cellweave.diffexp.pseudobulk;

import java.util.Arrays;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Dispersions of genes with what all genes share: each gene's own is drawn to the trend as far as
 * its samples leave it open, unless it lies far above.
 *
 * @param own of each gene for itself
 * @param fitted the trend at its mean
 * @param shrunk what tests use
 */
record SharedDispersions(double[] own, double[] fitted, double[] shrunk) {

  /**
   * @param counts genes by samples
   * @param means of normalised counts
   */
  static SharedDispersions of(
      double[][] counts,
      double[] means,
      SampleDesign design,
      GeneDispersions.Estimates estimates,
      DispersionTrend trend,
      DispersionPrior prior,
      double least) {
    double[] own = estimates.dispersions();
    double most = GeneDispersions.most(design);
    double[] fitted = Arrays.stream(means).map(trend::at).toArray();
    double[] shrunk = new double[own.length];
    Parallel.forRange(
        own.length,
        GeneDispersions.GENES_PER_BLOCK,
        (from, to) -> {
          var posterior = new CoxReid(design, least, most);
          for (int g = from; g < to; g++) {
            shrunk[g] =
                prior.isOutlier(own[g], fitted[g])
                    ? own[g]
                    : posterior.fit(
                        counts[g],
                        estimates.mu()[g],
                        fitted[g],
                        Elementary.log(fitted[g]),
                        prior.variance());
          }
        });
    return new SharedDispersions(own, fitted, shrunk);
  }

  /** Puts those of some genes in their places. */
  void replace(int[] genes, SharedDispersions others) {
    for (int k = 0; k < genes.length; k++) {
      own[genes[k]] = others.own[k];
      fitted[genes[k]] = others.fitted[k];
      shrunk[genes[k]] = others.shrunk[k];
    }
  }
}
