package org.cellweave.diffexp.pseudobulk;

import java.util.Arrays;
import org.cellweave.diffexp.Significance;
import org.cellweave.util.Quantile;

/**
 * Leaves out genes of low mean counts before p-values are adjusted, so that more of the others can
 * be found: of 50 shares of genes left out, the least that finds about as many as any.
 *
 * <p>"About" is within the residuals of a smooth curve through the numbers found.
 *
 * @param padj adjusted p-values; NaN for genes left out or without a p-value
 * @param threshold mean of normalised counts that a gene needs
 * @param share of the genes that is left out
 * @see <a href="https://doi.org/10.1073/pnas.0914005107">Bourgon, Gentleman and Huber 2010</a>
 */
record IndependentFiltering(double[] padj, double threshold, double share) {
  private static final int SHARES = 50;
  private static final double LARGEST_SHARE = 0.95;
  private static final double SMOOTH = 0.2;

  /** Numbers found up to this say nothing of where to cut. */
  private static final int FEW = 10;

  static IndependentFiltering of(double[] baseMean, double[] pvalue, double alpha) {
    double[] sorted = baseMean.clone();
    Arrays.sort(sorted);
    double least = Arrays.stream(baseMean).filter(m -> m == 0).count() / (double) baseMean.length;
    double most = least < LARGEST_SHARE ? LARGEST_SHARE : 1;
    double[] shares = new double[SHARES];
    double[] found = new double[SHARES];
    for (int k = 0; k < SHARES; k++) {
      shares[k] = least + (most - least) * k / (SHARES - 1);
      double[] padj = adjusted(baseMean, pvalue, Quantile.ofSorted(sorted, shares[k]));
      found[k] = Arrays.stream(padj).filter(p -> p < alpha).count();
    }
    int chosen = chosen(shares, found);
    double threshold = Quantile.ofSorted(sorted, shares[chosen]);
    return new IndependentFiltering(
        adjusted(baseMean, pvalue, threshold), threshold, shares[chosen]);
  }

  private static int chosen(double[] shares, double[] found) {
    if (Arrays.stream(found).max().orElse(0) <= FEW) {
      return 0;
    }
    double[] smooth = Lowess.fit(shares, found, SMOOTH);
    double squares = 0;
    int positive = 0;
    for (int k = 0; k < found.length; k++) {
      if (found[k] > 0) {
        squares += (found[k] - smooth[k]) * (found[k] - smooth[k]);
        positive++;
      }
    }
    double bound = Arrays.stream(smooth).max().orElse(0) - Math.sqrt(squares / positive);
    for (int k = 0; k < found.length; k++) {
      if (found[k] > bound) {
        return k;
      }
    }
    return 0;
  }

  private static double[] adjusted(double[] baseMean, double[] pvalue, double threshold) {
    double[] kept = new double[pvalue.length];
    Arrays.setAll(kept, g -> baseMean[g] >= threshold ? pvalue[g] : Double.NaN);
    return Significance.keepingNaN(kept, Significance::benjaminiHochberg);
  }
}
