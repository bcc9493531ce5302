package org.cellweave.integrate.harmony;

import java.util.Arrays;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/** What a cluster's share of a cell is multiplied by, for every level: less where it abounds. */
final class DiversityPenalty {
  /** Below this power of ten a factor would leave the range of float32. */
  private static final double DIRECT_DECADES = 30;

  private static final int LEVELS_PER_TASK = 64;

  private final HarmonyDesign design;
  private final int nClusters;
  private final FlavorRules rules;
  private final boolean product;
  private final boolean logs;

  /** Levels by clusters: factors, or their logarithms. */
  private final float[] table;

  DiversityPenalty(HarmonyDesign design, Harmony.Params params) {
    this.design = design;
    this.nClusters = design.nClusters;
    this.rules = FlavorRules.of(params.flavor());
    this.product = params.penalty() == Harmony.Penalty.PRODUCT;
    this.logs = decades(design) > DIRECT_DECADES;
    this.table = new float[design.nLevels * nClusters];
    Arrays.fill(table, logs ? 0 : 1);
  }

  private static double decades(HarmonyDesign design) {
    double steepest = 0;
    for (int c = 0; c < design.covariates.size(); c++) {
      double most = 0;
      for (int b = design.firstLevel[c]; b < design.firstLevel[c + 1]; b++) {
        most = Math.max(most, design.theta[b]);
      }
      steepest += most;
    }
    return steepest * Elementary.log10(design.nCells + 1.0);
  }

  /** No penalty. */
  void clear() {
    Arrays.fill(table, logs ? 0 : 1);
  }

  void update(Cooccurrence counts) {
    Parallel.forRange(
        design.nLevels,
        LEVELS_PER_TASK,
        (from, to) -> {
          for (int b = from; b < to; b++) {
            updateLevel(counts, b);
          }
        });
  }

  private void updateLevel(Cooccurrence counts, int b) {
    double theta = design.theta[b];
    for (int k = 0; k < nClusters; k++) {
      double ratio = 1 / rules.excess(counts.observed(b, k), counts.expected(b, k));
      table[b * nClusters + k] =
          (float)
              (logs
                  ? theta * Elementary.log(ratio)
                  : theta == 2 ? ratio * ratio : pow(ratio, theta));
    }
  }

  private static double pow(double ratio, double theta) {
    return theta == 1 ? ratio : Elementary.pow(ratio, theta);
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
      double factor = product ? Elementary.exp(sums[k] - largest) : 0;
      for (int c = 0; !product && c < levels.length; c++) {
        factor += Elementary.exp(table[levels[c] * nClusters + k] - largest);
      }
      out[k] = (float) factor;
    }
  }
}
