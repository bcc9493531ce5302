package org.cellweave.neural.model;

import org.cellweave.util.Elementary;

/**
 * How well probabilities of classes foretell labels.
 *
 * @param loss mean cross-entropy, natural logarithms
 * @param accuracy share of right labels; of one label per cell that is the F1 score over all
 *     classes together as well
 * @param calibrationError mean distance, weighted by cells, between how sure the classifier was and
 *     how often it was right, in bins of equal width of the former
 * @see <a href="https://doi.org/10.1609/aaai.v29i1.9602">Naeini et al. 2015</a>
 */
record ClassifierScores(double loss, double accuracy, double calibrationError) {
  /** As torchmetrics has it; full certainty is a bin of its own. */
  private static final int BINS = 15;

  /**
   * @param probabilities cells by classes, row-major
   * @param labels of the cells
   */
  static ClassifierScores of(float[] probabilities, int classes, int[] labels) {
    int n = labels.length;
    double[] sure = new double[BINS + 1];
    double[] right = new double[BINS + 1];
    double loss = 0;
    double all = 0;
    for (int i = 0; i < n; i++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best = probabilities[i * classes + c] > probabilities[i * classes + best] ? c : best;
      }
      float p = probabilities[i * classes + best];
      int hit = best == labels[i] ? 1 : 0;
      int bin = bin(p);
      sure[bin] += p;
      right[bin] += hit;
      all += hit;
      loss -= Elementary.log(Math.max(probabilities[i * classes + labels[i]], Float.MIN_NORMAL));
    }
    double apart = 0;
    for (int b = 0; b <= BINS; b++) {
      apart += Math.abs(right[b] - sure[b]);
    }
    return new ClassifierScores(loss / n, all / n, apart / n);
  }

  /** The last bin that begins at most at {@code p}, where bins begin at float32 numbers. */
  private static int bin(float p) {
    int bin = Math.min(BINS, (int) (p * BINS));
    while (bin < BINS && p >= edge(bin + 1)) {
      bin++;
    }
    while (bin > 0 && p < edge(bin)) {
      bin--;
    }
    return bin;
  }

  private static float edge(int bin) {
    return (float) ((double) bin / BINS);
  }
}
