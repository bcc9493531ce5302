package org.cellweave.diffexp.pseudobulk;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/**
 * Coefficients of all genes with their final dispersions, and what follows from one fit.
 *
 * @param beta natural logarithms, genes by coefficients
 * @param cooks genes by samples; null where they were not asked for
 * @param logLikelihood one per gene
 * @param settled false for genes whose fit did not come to rest
 */
record Coefficients(double[][] beta, double[][] cooks, double[] logLikelihood, boolean[] settled) {

  static Coefficients of(
      double[][] counts,
      SampleDesign design,
      double[] dispersions,
      PseudobulkDe.Params params,
      boolean withCooks) {
    int n = counts.length;
    double[][] beta = new double[n][];
    double[][] cooks = withCooks ? new double[n][] : null;
    double[] likelihood = new double[n];
    boolean[] settled = new boolean[n];
    Parallel.forRange(
        n,
        GeneDispersions.GENES_PER_BLOCK,
        (from, to) -> {
          var glm = new NegativeBinomialGlm(design, params.maxIter(), params.minMu());
          var distance = new CooksDistance(design);
          for (int g = from; g < to; g++) {
            settled[g] = glm.fit(counts[g], dispersions[g]);
            beta[g] = glm.beta().clone();
            likelihood[g] = LikelihoodRatio.logLikelihood(counts[g], glm.mu(), dispersions[g]);
            if (withCooks) {
              cooks[g] = distance.of(counts[g], glm, dispersions[g]);
            }
          }
        });
    return new Coefficients(beta, cooks, likelihood, settled);
  }

  /** Puts those of some genes in their places. */
  void replace(int[] genes, Coefficients own) {
    for (int k = 0; k < genes.length; k++) {
      beta[genes[k]] = own.beta[k];
      logLikelihood[genes[k]] = own.logLikelihood[k];
      settled[genes[k]] = own.settled[k];
    }
  }

  int unsettled() {
    int count = 0;
    for (boolean s : settled) {
      count += s ? 0 : 1;
    }
    return count;
  }

  /** What {@code contrast} makes of the coefficients of each gene. */
  double[] effects(double[] contrast) {
    double[] out = new double[beta.length];
    Arrays.setAll(
        out,
        g -> {
          double sum = 0;
          for (int c = 0; c < contrast.length; c++) {
            sum += contrast[c] * beta[g][c];
          }
          return sum;
        });
    return out;
  }
}
