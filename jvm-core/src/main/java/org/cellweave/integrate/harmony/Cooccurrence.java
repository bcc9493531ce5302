package org.cellweave.integrate.harmony;

import org.cellweave.util.Elementary;

/** How many cells of every level each cluster holds, and how many it would hold of any mixture. */
final class Cooccurrence {
  private final HarmonyDesign design;
  private final int nClusters;

  /** Levels by clusters. */
  final double[] observed;

  /** Cells of every cluster. */
  final double[] mass;

  Cooccurrence(HarmonyDesign design) {
    this.design = design;
    this.nClusters = design.nClusters;
    this.observed = new double[design.nLevels * nClusters];
    this.mass = new double[nClusters];
  }

  double observed(int level, int cluster) {
    return observed[level * nClusters + cluster];
  }

  double expected(int level, int cluster) {
    return mass[cluster] * design.share[level];
  }

  /** Adds cells with the given levels, {@code amount[from + k]} of them to cluster k. */
  void add(int[] levels, double[] amount, int from) {
    for (int level : levels) {
      int at = level * nClusters;
      for (int k = 0; k < nClusters; k++) {
        observed[at + k] += amount[from + k];
      }
    }
    for (int k = 0; k < nClusters; k++) {
      mass[k] += amount[from + k];
    }
  }

  void add(Cooccurrence other) {
    for (int i = 0; i < observed.length; i++) {
      observed[i] += other.observed[i];
    }
    for (int k = 0; k < nClusters; k++) {
      mass[k] += other.mass[k];
    }
  }

  /** Rounding can leave less than nothing; that counts as nothing. */
  void subtract(Cooccurrence other) {
    for (int i = 0; i < observed.length; i++) {
      observed[i] = Math.max(0, observed[i] - other.observed[i]);
    }
    for (int k = 0; k < nClusters; k++) {
      mass[k] = Math.max(0, mass[k] - other.mass[k]);
    }
  }

  void clear() {
    java.util.Arrays.fill(observed, 0);
    java.util.Arrays.fill(mass, 0);
  }

  /** The objective's third part, not scaled. */
  double diversity(FlavorRules rules, double sigma) {
    double sum = 0;
    for (int b = 0; b < design.nLevels; b++) {
      for (int k = 0; k < nClusters; k++) {
        double o = observed(b, k);
        if (o > 0 && design.theta[b] > 0) {
          sum += design.theta[b] * o * Elementary.log(rules.excess(o, expected(b, k)));
        }
      }
    }
    return sigma * sum;
  }
}
