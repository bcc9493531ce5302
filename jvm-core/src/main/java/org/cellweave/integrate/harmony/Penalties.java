package org.cellweave.integrate.harmony;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/** What a cluster's share of a cell is multiplied by, for every level: less where it abounds. */
final class Penalties {
  /** Below this power of ten a factor would leave the range of float32. */
  private static final double DIRECT_DECADES = 30;

  private static final int LEVELS_PER_TASK = 64;
  private static final double TINY = 1e-8;

  private final Design design;
  private final int nClusters;
  private final Harmony.Flavor flavor;
  private final boolean product;
  private final boolean logs;

  /** Levels by clusters: factors, or their logarithms. */
  private final float[] table;

  Penalties(Design design, Harmony.Params params) {
    this.design = design;
    this.nClusters = design.nClusters;
    this.flavor = params.flavor();
    this.product = params.penalty() == Harmony.Penalty.PRODUCT;
    this.logs = decades(design) > DIRECT_DECADES;
    this.table = new float[design.nLevels * nClusters];
    Arrays.fill(table, logs ? 0 : 1);
  }

  private static double decades(Design design) {
    double steepest = 0;
    for (int c = 0; c < design.covariates.size(); c++) {
      double most = 0;
      for (int b = design.firstLevel[c]; b < design.firstLevel[c + 1]; b++) {
        most = Math.max(most, design.theta[b]);
      }
      steepest += most;
    }
    return steepest * Math.log10(design.nCells + 1.0);
  }

  /** No penalty. */
  void clear() {
    Arrays.fill(table, logs ? 0 : 1);
  }

  void update(Counts counts) {
    Parallel.forRange(
        design.nLevels,
        LEVELS_PER_TASK,
        (from, to) -> {
          for (int b = from; b < to; b++) {
            updateLevel(counts, b);
          }
        });
  }

  private void updateLevel(Counts counts, int b) {
    double theta = design.theta[b];
    for (int k = 0; k < nClusters; k++) {
      double ratio = 1 / excess(flavor, counts.observed(b, k), counts.expected(b, k));
      table[b * nClusters + k] =
          (float) (logs ? theta * Math.log(ratio) : theta == 2 ? ratio * ratio : pow(ratio, theta));
    }
  }

  private static double pow(double ratio, double theta) {
    return theta == 1 ? ratio : Math.pow(ratio, theta);
  }

  /** How far a cluster has more of a batch than its share: inside the objective's logarithm. */
  static double excess(Harmony.Flavor flavor, double observed, double expected) {
    return flavor == Harmony.Flavor.HARMONY2
        ? (observed + expected + 1) / (2 * expected + 1)
        : (observed + expected + TINY) / (expected + TINY);
  }

  /** Factors of cells with the given levels, up to a common multiple. */
  void factors(int[] levels, float[] out) {
    if (levels.length == 0) {
      Arrays.fill(out, 0, nClusters, 1);
    } else if (logs) {
      steepFactors(levels, out);
    } else {
      System.arraycopy(table, levels[0] * nClusters, out, 0, nClusters);
      for (int c = 1; c < levels.length; c++) {
        int at = levels[c] * nClusters;
        for (int k = 0; k < nClusters; k++) {
          out[k] = product ? out[k] * table[at + k] : out[k] + table[at + k];
        }
      }
    }
  }

  private void steepFactors(int[] levels, float[] out) {
    double largest = Double.NEGATIVE_INFINITY;
    double[] sums = new double[nClusters];
    for (int k = 0; k < nClusters; k++) {
      for (int level : levels) {
        double log = table[level * nClusters + k];
        sums[k] += log;
        largest = product ? largest : Math.max(largest, log);
      }
      largest = product ? Math.max(largest, sums[k]) : largest;
    }
    for (int k = 0; k < nClusters; k++) {
      double factor = product ? Math.exp(sums[k] - largest) : 0;
      for (int c = 0; !product && c < levels.length; c++) {
        factor += Math.exp(table[levels[c] * nClusters + k] - largest);
      }
      out[k] = (float) factor;
    }
  }
}
