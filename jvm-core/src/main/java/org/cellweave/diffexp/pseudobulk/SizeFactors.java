package org.cellweave.diffexp.pseudobulk;

import java.util.Arrays;
import org.cellweave.util.Elementary;
import org.cellweave.util.Median;

/**
 * Sequencing depth of samples by medians of ratios: of a sample's counts to the geometric means of
 * the genes.
 *
 * @see <a href="https://doi.org/10.1186/gb-2010-11-10-r106">Anders and Huber 2010</a>
 */
public final class SizeFactors {
  private SizeFactors() {}

  /** Which genes take part. */
  public enum Type {
    /** Genes with a count in every sample. */
    RATIO,
    /** Genes with a count in any: geometric means of counts above zero, over all samples. */
    POSCOUNTS
  }

  /**
   * @param counts genes by samples; every sample has one above zero
   * @return one factor per sample, positive
   */
  static double[] of(double[][] counts, Type type) {
    int n = counts[0].length;
    double[] means = logMeans(counts, type, n);
    double[] factors = new double[n];
    double[] ratios = new double[counts.length];
    for (int i = 0; i < n; i++) {
      int used = 0;
      for (int g = 0; g < counts.length; g++) {
        if (Double.isFinite(means[g]) && counts[g][i] > 0) {
          ratios[used++] = Elementary.log(counts[g][i]) - means[g];
        }
      }
      factors[i] = Elementary.exp(Median.of(Arrays.copyOf(ratios, used)));
    }
    if (type == Type.POSCOUNTS) {
      double centre = Arrays.stream(factors).map(Elementary::log).average().orElse(0);
      Arrays.setAll(factors, i -> factors[i] / Elementary.exp(centre));
    }
    return factors;
  }

  /** Of every gene that takes part; others are infinite. */
  private static double[] logMeans(double[][] counts, Type type, int n) {
    double[] means = new double[counts.length];
    boolean any = false;
    for (int g = 0; g < counts.length; g++) {
      double sum = 0;
      int positive = 0;
      for (double count : counts[g]) {
        if (count > 0) {
          sum += Elementary.log(count);
          positive++;
        }
      }
      boolean taken = type == Type.RATIO ? positive == n : positive > 0;
      means[g] = taken ? sum / n : Double.NEGATIVE_INFINITY;
      any |= taken;
    }
    if (!any) {
      throw new IllegalArgumentException(
          "sizeFactors = ratio needs a gene with a count in every sample, and there is none. Leave"
              + " out samples of few cells, or use sizeFactors = poscounts");
    }
    return means;
  }
}
