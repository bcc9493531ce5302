package org.cellweave.inference;

import org.cellweave.diffexp.Significance;

/** Adjustment of p-values that controls how many of the discoveries are false. */
public final class FalseDiscoveries {
  private FalseDiscoveries() {}

  /** What the tests are to each other. */
  public enum Method {
    /** Benjamini and Hochberg: independent, or positively dependent. */
    BH,
    /** Benjamini and Yekutieli: dependent in any way. */
    BY
  }

  /**
   * @throws IllegalArgumentException when a p-value is not between 0 and 1
   */
  public static double[] control(double[] pvalues, Method method) {
    for (int k = 0; k < pvalues.length; k++) {
      if (!(pvalues[k] >= 0 && pvalues[k] <= 1)) {
        throw new IllegalArgumentException(
            "p-values must lie in [0, 1], got " + pvalues[k] + " at position " + k);
      }
    }
    double[] adjusted = Significance.benjaminiHochberg(pvalues);
    if (method == Method.BH) {
      return adjusted;
    }
    double harmonic = 0;
    for (int k = 1; k <= pvalues.length; k++) {
      harmonic += 1.0 / k;
    }
    for (int k = 0; k < adjusted.length; k++) {
      adjusted[k] = Math.min(1, adjusted[k] * harmonic);
    }
    return adjusted;
  }
}
