package org.cellweave.neural.tensorflow;

import java.util.Arrays;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.distributions.CountMath;

/**
 * Counts taken apart so that no gamma function of a dispersion is needed for most of them: {@code
 * lgamma(x + theta) - lgamma(theta)} is the sum of {@code log(theta + k)} over {@code k < x}. Where
 * all cells have one dispersion per gene, equal factors of a gene are gathered; large counts are
 * left whole.
 */
final class RisingFactors {
  /** Up to this count factors are fewer than what a gamma function costs. */
  private static final int SMALL = 16;

  private static final double[] LOG_FACTORIALS = new double[256];

  static {
    for (int k = 0; k < LOG_FACTORIALS.length; k++) {
      LOG_FACTORIALS[k] = CountMath.logFactorial(k);
    }
  }

  /** Which dispersion, of every factor. */
  int[] dispersion = new int[0];

  /** {@code k} of every factor. */
  float[] step = new float[0];

  /** How often a factor is there. */
  float[] weight = new float[0];

  int size;

  /** Which dispersion, of every large count. */
  int[] largeDispersion = new int[0];

  float[] large = new float[0];
  int largeSize;

  /** Every cell with the same dispersions: they are numbered as genes. */
  void ofGenes(Counts counts) {
    clear();
    int[] start = counts.geneStart();
    int[] entry = counts.geneEntry();
    float[] value = counts.value();
    int[] above = new int[SMALL];
    for (int g = 0; g < counts.genes(); g++) {
      Arrays.fill(above, 0);
      for (int q = start[g]; q < start[g + 1]; q++) {
        float x = value[entry[q]];
        if (isSmall(x)) {
          above[(int) x - 1]++;
        } else {
          addLarge(g, x);
        }
      }
      addFactors(g, above);
    }
  }

  private void addFactors(int gene, int[] above) {
    int many = 0;
    for (int k = SMALL - 1; k >= 0; k--) {
      many += above[k];
      if (many > 0) {
        add(gene, k, many);
      }
    }
  }

  /**
   * Every entry for itself.
   *
   * @param dispersionOf number of the dispersion of every entry
   */
  void ofEntries(Counts counts, int[] dispersionOf) {
    clear();
    float[] value = counts.value();
    for (int p = 0; p < counts.size(); p++) {
      if (isSmall(value[p])) {
        for (int k = 0; k < value[p]; k++) {
          add(dispersionOf[p], k, 1);
        }
      } else {
        addLarge(dispersionOf[p], value[p]);
      }
    }
  }

  /** Sum of {@code log(x!)} over all entries: no weight changes it. */
  static double logFactorials(Counts counts) {
    double sum = 0;
    float[] value = counts.value();
    for (int p = 0; p < counts.size(); p++) {
      float x = value[p];
      int whole = (int) x;
      boolean known = whole == x && whole >= 0 && whole < LOG_FACTORIALS.length;
      sum += known ? LOG_FACTORIALS[whole] : CountMath.logFactorial(x);
    }
    return sum;
  }

  private static boolean isSmall(float x) {
    return x <= SMALL && x >= 1 && x == Math.rint(x);
  }

  private void clear() {
    size = 0;
    largeSize = 0;
  }

  private void add(int of, int k, int many) {
    if (size == dispersion.length) {
      int longer = Math.max(1024, 2 * size);
      dispersion = Arrays.copyOf(dispersion, longer);
      step = Arrays.copyOf(step, longer);
      weight = Arrays.copyOf(weight, longer);
    }
    dispersion[size] = of;
    step[size] = k;
    weight[size++] = many;
  }

  private void addLarge(int of, float x) {
    if (largeSize == large.length) {
      int longer = Math.max(256, 2 * largeSize);
      largeDispersion = Arrays.copyOf(largeDispersion, longer);
      large = Arrays.copyOf(large, longer);
    }
    largeDispersion[largeSize] = of;
    large[largeSize++] = x;
  }
}
