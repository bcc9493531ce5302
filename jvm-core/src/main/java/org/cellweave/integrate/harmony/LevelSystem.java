package org.cellweave.integrate.harmony;

import java.util.Arrays;

/**
 * One cluster's ridge regression on the levels, in float64.
 *
 * <p>The levels of the largest covariate exclude each other, so that their block of the normal
 * matrix is diagonal and is eliminated first; for one covariate only the intercept remains. Where a
 * difference of large sums can be written as a sum of small terms it is, so that a small lambda
 * does no harm.
 */
final class LevelSystem {
  private static final double SINGULAR = 1e-13;

  private final Design design;
  private final LevelSums sums;
  private final boolean[] kept;
  private final double[] lambda;
  private final int cluster;
  private final int dims;
  private final int width;
  private final int main;

  /** Row of the small system that a level has, or -1; row 0 is the intercept. */
  private final int[] rowOf;

  /** Levels of the small system by row. */
  private final int[] levelAt;

  private final int size;

  /** Cells of a main level that fall into every row. */
  private final double[][] shared;

  private final double[][] matrix;
  private final double[][] right;

  LevelSystem(
      Design design, LevelSums sums, boolean[] kept, double[] lambda, int cluster, int dims) {
    this.design = design;
    this.sums = sums;
    this.kept = kept;
    this.lambda = lambda;
    this.cluster = cluster;
    this.dims = dims;
    this.width = dims + 1;
    this.main = mainCovariate();
    this.rowOf = new int[design.nLevels];
    this.levelAt = new int[design.nLevels + 1];
    Arrays.fill(rowOf, -1);
    int rows = 1;
    for (int b = 0; b < design.nLevels; b++) {
      if (kept[b] && !isMain(b)) {
        rowOf[b] = rows;
        levelAt[rows++] = b;
      }
    }
    this.size = rows;
    this.shared = new double[design.nLevels][];
    this.matrix = new double[size][size];
    this.right = new double[size][dims];
  }

  private int mainCovariate() {
    int best = 0;
    int most = -1;
    for (int c = 0; c < design.covariates.size(); c++) {
      int count = 0;
      for (int b = design.firstLevel[c]; b < design.firstLevel[c + 1]; b++) {
        count += kept[b] ? 1 : 0;
      }
      if (count > most) {
        most = count;
        best = c;
      }
    }
    return best;
  }

  private boolean isMain(int level) {
    return level >= design.firstLevel[main] && level < design.firstLevel[main + 1];
  }

  /** Writes intercept and levels by dimensions; levels that are not kept stay as they are. */
  void solve(double[] out) {
    boolean outside = collect();
    eliminate(outside);
    SmallCholesky.solve(matrix, right, SINGULAR);
    System.arraycopy(right[0], 0, out, 0, dims);
    for (int r = 1; r < size; r++) {
      System.arraycopy(right[r], 0, out, (levelAt[r] + 1) * dims, dims);
    }
    double[] of = sums.of[cluster];
    for (int b = design.firstLevel[main]; b < design.firstLevel[main + 1]; b++) {
      double pivot = kept[b] ? shared[b][0] + lambda[b] : 0;
      for (int c = 0; pivot > 0 && c < dims; c++) {
        double rest = of[(b + 1) * width + c];
        for (int r = 0; r < size; r++) {
          rest -= shared[b][r] * right[r][c];
        }
        out[(b + 1) * dims + c] = rest / pivot;
      }
    }
  }

  /**
   * Counts by pairs of levels; in the small matrix so far only cells outside the main levels in row
   * 0, and all cells elsewhere.
   *
   * @return whether there are cells outside the main levels
   */
  private boolean collect() {
    for (int b = design.firstLevel[main]; b < design.firstLevel[main + 1]; b++) {
      if (kept[b]) {
        shared[b] = new double[size];
      }
    }
    boolean outside = false;
    for (int j = 0; j < design.levelsOfJoint.length; j++) {
      double n = sums.cells(j, cluster);
      if (n == 0 || !sums.isIncluded(j, cluster)) {
        continue;
      }
      int[] levels = design.levelsOfJoint[j];
      int inMain = levels[main];
      if (kept[inMain]) {
        shared[inMain][0] += n;
      } else {
        outside = true;
        matrix[0][0] += n;
      }
      for (int level : levels) {
        int r = rowOf[level];
        if (r > 0) {
          if (kept[inMain]) {
            shared[inMain][r] += n;
          } else {
            matrix[0][r] += n;
          }
          for (int other : levels) {
            if (rowOf[other] > 0) {
              matrix[r][rowOf[other]] += n;
            }
          }
        }
      }
    }
    for (int r = 1; r < size; r++) {
      matrix[r][r] += lambda[levelAt[r]];
    }
    return outside;
  }

  private void eliminate(boolean outside) {
    double[] of = sums.of[cluster];
    for (int c = 0; c < dims; c++) {
      right[0][c] = outside ? of[c] : 0;
      for (int r = 1; r < size; r++) {
        right[r][c] = of[(levelAt[r] + 1) * width + c];
      }
    }
    for (int b = design.firstLevel[main]; b < design.firstLevel[main + 1]; b++) {
      double pivot = kept[b] ? shared[b][0] + lambda[b] : 0;
      if (pivot > 0) {
        eliminate(b, pivot, of, outside);
      }
    }
    for (int r = 1; r < size; r++) {
      matrix[r][0] = matrix[0][r];
    }
  }

  private void eliminate(int b, double pivot, double[] of, boolean outside) {
    double[] f = shared[b];
    double slack = lambda[b] / pivot;
    for (int r = 0; r < size; r++) {
      matrix[0][r] += f[r] * slack;
    }
    for (int r = 1; r < size; r++) {
      double share = f[r] / pivot;
      for (int q = 1; q < size && share != 0; q++) {
        matrix[r][q] -= share * f[q];
      }
    }
    for (int c = 0; c < dims; c++) {
      double s = of[(b + 1) * width + c];
      // with cells outside, row 0 starts from all cells and loses this level's but for the slack
      right[0][c] += s * slack - (outside ? s : 0);
      for (int r = 1; r < size; r++) {
        right[r][c] -= f[r] / pivot * s;
      }
    }
  }
}
