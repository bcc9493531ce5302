package org.cellweave.diffexp.pseudobulk;

import org.cellweave.util.Parallel;

/** Standard errors of a contrast for all genes, by the information at the coefficients. */
final class WaldTest {
  private WaldTest() {}

  /**
   * @param beta genes by coefficients, natural logarithms
   * @return standard errors in natural logarithms
   */
  static double[] standardErrors(
      SampleDesign design,
      double[][] beta,
      double[] dispersions,
      double[] contrast,
      PseudobulkDe.Params params) {
    double[] out = new double[beta.length];
    Parallel.forRange(
        beta.length,
        GeneDispersions.GENES_PER_BLOCK,
        (from, to) -> {
          var glm = new NegativeBinomialGlm(design, params.maxIter(), params.minMu());
          for (int g = from; g < to; g++) {
            glm.place(beta[g]);
            out[g] = glm.standardError(dispersions[g], contrast);
          }
        });
    return out;
  }
}
