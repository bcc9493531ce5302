package org.cellweave.preprocess.pooling;

import java.util.Arrays;
import org.cellweave.util.Median;

/**
 * How much more of everything one average cell has than another: the median ratio of genes that are
 * expressed enough in both together.
 *
 * @param ratio positive
 * @param bySums whether the median was of no use, so that the ratio is that of the sums
 */
record ProfileRatio(double ratio, boolean bySums) {
  static ProfileRatio of(double[] profile, double[] reference, double minMean) {
    double total = Arrays.stream(profile).sum();
    double referenceTotal = Arrays.stream(reference).sum();
    double[] ratios = new double[profile.length];
    int n = 0;
    for (int j = 0; j < ratios.length; j++) {
      double share = profile[j] / total + reference[j] / referenceTotal;
      double average = share / 2 * ((total + referenceTotal) / 2);
      if (average >= minMean && average > 0) {
        ratios[n++] = profile[j] / reference[j];
      }
    }
    double median = Median.of(Arrays.copyOf(ratios, n));
    boolean useful = median > 0 && median < Double.POSITIVE_INFINITY;
    return new ProfileRatio(useful ? median : total / referenceTotal, !useful);
  }
}
