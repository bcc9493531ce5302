package org.cellweave.integrate.harmony;

import java.util.List;
import org.cellweave.util.Parallel;

/** Sums of shares times points by cluster and level, and counts by combination of levels. */
final class LevelSums {
  private static final int CLUSTERS_PER_TASK = 8;

  private final Design design;
  private final int nClusters;
  private final int width;
  private final boolean[][] kept;

  /** For every cluster: the cells with any kept level, then every level; dimensions and count. */
  final double[][] of;

  /** Combinations of levels by clusters. */
  final double[] cells;

  LevelSums(Design design, int nClusters, int dims, boolean[][] kept) {
    this.design = design;
    this.nClusters = nClusters;
    this.width = dims + 1;
    this.kept = kept;
    this.of = new double[nClusters][(design.nLevels + 1) * width];
    this.cells = new double[design.levelsOfJoint.length * nClusters];
  }

  /** Adds one table of sums per part, in order. */
  void add(List<double[]> parts, int[] joints) {
    Parallel.forRange(
        nClusters,
        CLUSTERS_PER_TASK,
        (from, to) -> {
          for (int k = from; k < to; k++) {
            for (int t = 0; t < joints.length; t++) {
              add(parts.get(t), joints[t], k);
            }
          }
        });
  }

  private void add(double[] part, int joint, int k) {
    double[] sums = of[k];
    for (int level : design.levelsOfJoint[joint]) {
      add(part, k, sums, (level + 1) * width);
    }
    if (isIncluded(joint, k)) {
      add(part, k, sums, 0);
    }
    cells[joint * nClusters + k] += part[k * width + width - 1];
  }

  private void add(double[] part, int k, double[] sums, int at) {
    for (int c = 0; c < width; c++) {
      sums[at + c] += part[k * width + c];
    }
  }

  /** Whether cells of these levels take part in the cluster's regression. */
  boolean isIncluded(int joint, int k) {
    for (int level : design.levelsOfJoint[joint]) {
      if (kept[k][level]) {
        return true;
      }
    }
    return false;
  }

  double cells(int joint, int k) {
    return cells[joint * nClusters + k];
  }
}
