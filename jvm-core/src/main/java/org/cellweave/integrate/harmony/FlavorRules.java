package org.cellweave.integrate.harmony;

import java.util.Arrays;

/**
 * What one version of Harmony does otherwise than another: its defaults, its penalty, where
 * centroids come from, and which levels a cluster's regression leaves out.
 */
sealed interface FlavorRules {
  static FlavorRules of(Harmony.Flavor flavor) {
    return switch (flavor) {
      case HARMONY2 -> new Second();
      case HARMONY1 -> new First();
    };
  }

  int rounds();

  double tolClustering();

  double tolHarmony();

  /** -1 to follow the expected counts. */
  double lambda();

  /** How far a cluster has more of a batch than its share: inside the objective's logarithm. */
  double excess(double observed, double expected);

  /** Before the rounds of an iteration that follows a correction. */
  void afterACorrection(HarmonyModel model);

  /** Before every round. */
  void beforeARound(HarmonyModel model);

  /** Once the points are corrected. */
  void corrected(HarmonyModel model);

  /** Marks the levels that take part in a cluster's regression. */
  void keep(HarmonyDesign design, Cooccurrence counts, int cluster, double cutoff, boolean[] kept);

  /**
   * R's harmony 2.0. Centroids are the intercepts of the regression and stay during an iteration,
   * which forgets the shares of the one before; a level with next to no cells in a cluster is left
   * out of its regression.
   */
  record Second() implements FlavorRules {
    @Override
    public int rounds() {
      return 4;
    }

    @Override
    public double tolClustering() {
      return 1e-3;
    }

    @Override
    public double tolHarmony() {
      return 1e-2;
    }

    @Override
    public double lambda() {
      return -1;
    }

    @Override
    public double excess(double observed, double expected) {
      return (observed + expected + 1) / (2 * expected + 1);
    }

    @Override
    public void afterACorrection(HarmonyModel model) {
      model.restart();
    }

    @Override
    public void beforeARound(HarmonyModel model) {}

    @Override
    public void corrected(HarmonyModel model) {
      model.takeIntercepts();
    }

    /** Those that have a part of their cells in the cluster, where their covariate has two such. */
    @Override
    public void keep(
        HarmonyDesign design, Cooccurrence counts, int cluster, double cutoff, boolean[] kept) {
      for (int c = 0; c < design.covariates.size(); c++) {
        int passing = 0;
        for (int b = design.firstLevel[c]; b < design.firstLevel[c + 1]; b++) {
          kept[b] = counts.observed(b, cluster) / design.cellsOfLevel[b] > cutoff;
          passing += kept[b] ? 1 : 0;
        }
        if (passing < 2) {
          Arrays.fill(kept, design.firstLevel[c], design.firstLevel[c + 1], false);
        }
      }
    }
  }

  /**
   * The paper and harmonypy 0.2. Centroids are the means of their cells in every round, and shares
   * are kept from one iteration to the next.
   */
  record First() implements FlavorRules {
    private static final double TINY = 1e-8;

    @Override
    public int rounds() {
      return 20;
    }

    @Override
    public double tolClustering() {
      return 1e-5;
    }

    @Override
    public double tolHarmony() {
      return 1e-4;
    }

    @Override
    public double lambda() {
      return 1;
    }

    @Override
    public double excess(double observed, double expected) {
      return (observed + expected + TINY) / (expected + TINY);
    }

    @Override
    public void afterACorrection(HarmonyModel model) {}

    @Override
    public void beforeARound(HarmonyModel model) {
      model.recentre();
    }

    @Override
    public void corrected(HarmonyModel model) {}

    @Override
    public void keep(
        HarmonyDesign design, Cooccurrence counts, int cluster, double cutoff, boolean[] kept) {
      Arrays.fill(kept, true);
    }
  }
}
