package org.cellweave.integrate.harmony;

import java.util.ArrayList;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.linalg.Blas;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/**
 * The mixture of linear models: in every cluster the points are regressed on the levels, weighted
 * by the cells' shares, and what the levels explain is taken off.
 */
final class Ridge {
  private static final int TASK_ROWS = 8192;

  /** Tasks whose sums are held at a time. */
  private static final int WAVE = 64;

  private static final int CLUSTERS_PER_TASK = 4;

  private final Layout layout;
  private final Design design;
  private final Scratch.Pool pool;
  private final Harmony.Params params;
  private final DenseMatrix points;
  private final int nClusters;
  private final int dims;

  /** For every cluster the intercept, then the levels, by dimensions. */
  final double[][] weights;

  /** Whether a cluster had anything to correct. */
  final boolean[] active;

  /** For every cluster its lambda by level. */
  final double[][] lambda;

  Ridge(
      Layout layout, Design design, Scratch.Pool pool, DenseMatrix points, Harmony.Params params) {
    this.layout = layout;
    this.design = design;
    this.pool = pool;
    this.params = params;
    this.points = points;
    this.nClusters = design.nClusters;
    this.dims = points.nCols();
    this.weights = new double[nClusters][(design.nLevels + 1) * dims];
    this.active = new boolean[nClusters];
    this.lambda = new double[nClusters][design.nLevels];
  }

  void lambdas(Counts counts) {
    for (int k = 0; k < nClusters; k++) {
      for (int b = 0; b < design.nLevels; b++) {
        double fixed = design.lambda[b];
        lambda[k][b] = fixed == -1 ? params.alpha() * counts.expected(b, k) : fixed;
      }
    }
  }

  void fit(Assignment assignment) {
    Counts counts = assignment.counts();
    lambdas(counts);
    boolean[][] kept = new boolean[nClusters][];
    for (int k = 0; k < nClusters; k++) {
      kept[k] = kept(counts, k);
    }
    var sums = new LevelSums(design, nClusters, dims, kept);
    int[] bounds = tasks();
    int nTasks = bounds.length - 1;
    for (int first = 0; first < nTasks; first += WAVE) {
      int from = first;
      var parts =
          Parallel.map(Math.min(WAVE, nTasks - first), t -> part(bounds, from + t, assignment));
      int[] joints = new int[parts.size()];
      for (int t = 0; t < joints.length; t++) {
        joints[t] = layout.joint[layout.byJoint[bounds[first + t]]];
      }
      sums.add(parts, joints);
    }
    Parallel.forRange(
        nClusters,
        CLUSTERS_PER_TASK,
        (a, b) -> {
          for (int k = a; k < b; k++) {
            Arrays.fill(weights[k], 0);
            active[k] = design.nLevels > 0 && any(kept[k]);
            if (active[k]) {
              new LevelSystem(design, sums, kept[k], lambda[k], k, dims).solve(weights[k]);
            }
          }
        });
  }

  private static boolean any(boolean[] flags) {
    for (boolean f : flags) {
      if (f) {
        return true;
      }
    }
    return false;
  }

  /** Levels that have a part of their cells in the cluster, where their covariate has two such. */
  private boolean[] kept(Counts counts, int k) {
    boolean[] out = new boolean[design.nLevels];
    if (params.flavor() == Harmony.Flavor.HARMONY1) {
      Arrays.fill(out, true);
      return out;
    }
    for (int c = 0; c < design.covariates.size(); c++) {
      int passing = 0;
      for (int b = design.firstLevel[c]; b < design.firstLevel[c + 1]; b++) {
        out[b] = counts.observed(b, k) / design.cellsOfLevel[b] > params.batchPropCutoff();
        passing += out[b] ? 1 : 0;
      }
      if (passing < 2) {
        Arrays.fill(out, design.firstLevel[c], design.firstLevel[c + 1], false);
      }
    }
    return out;
  }

  /** Bounds in {@code byJoint} of groups of segments of the same levels. */
  private int[] tasks() {
    var bounds = new ArrayList<Integer>();
    int rows = 0;
    for (int i = 0; i < layout.byJoint.length; i++) {
      int s = layout.byJoint[i];
      boolean other = i == 0 || layout.joint[layout.byJoint[i - 1]] != layout.joint[s];
      if (other || rows >= TASK_ROWS) {
        bounds.add(i);
        rows = 0;
      }
      rows += layout.rows(s);
    }
    bounds.add(layout.byJoint.length);
    return bounds.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Clusters by (dimensions, count): sums of shares times points, and of shares. */
  private double[] part(int[] bounds, int task, Assignment assignment) {
    double[] acc = new double[nClusters * (dims + 1)];
    pool.with(
        scratch -> {
          for (int i = bounds[task]; i < bounds[task + 1]; i++) {
            addSegment(layout.byJoint[i], assignment, scratch, acc);
          }
        });
    return acc;
  }

  private void addSegment(int s, Assignment assignment, Scratch scratch, double[] acc) {
    int from = layout.start[s];
    int rows = layout.rows(s);
    int width = dims + 1;
    float[] w = scratch.weights;
    float[] x = scratch.points;
    assignment.weights(from, from + rows, w);
    float[] row = new float[dims];
    for (int i = 0; i < rows; i++) {
      points.readRow(layout.cell(from + i), row);
      for (int c = 0; c < dims; c++) {
        x[i * width + c] = w[i] * row[c];
      }
      x[i * width + dims] = w[i];
    }
    scratch.addProduct(layout, s, assignment, width, acc);
  }

  /** Writes the corrected points by cell, and their directions by position. */
  void apply(Assignment assignment, DenseMatrix corrected, FloatPointer cos) {
    int[] tasks = layout.tasks(0, layout.nSegments());
    Parallel.forBlocks(
        tasks.length - 1,
        t ->
            pool.with(
                scratch -> {
                  int last = -1;
                  for (int s = tasks[t]; s < tasks[t + 1]; s++) {
                    boolean same =
                        last >= 0
                            && layout.joint[last] == layout.joint[s]
                            && layout.block[last] == layout.block[s];
                    if (!same) {
                      effects(s, assignment, scratch);
                    }
                    last = s;
                    applySegment(s, assignment, scratch, corrected, cos);
                  }
                }));
  }

  /** What each cluster takes off a cell of the segment's levels. */
  private void effects(int s, Assignment assignment, Scratch scratch) {
    assignment.factors(s, scratch.factors);
    effects(design.levelsOfJoint[layout.joint[s]], scratch.factors, scratch.small);
    scratch.nativeSmall.put(scratch.small, 0, nClusters * dims);
  }

  void effects(int[] levels, float[] factors, float[] out) {
    for (int k = 0; k < nClusters; k++) {
      double[] w = weights[k];
      for (int c = 0; c < dims; c++) {
        double effect = 0;
        for (int level : levels) {
          effect += w[(level + 1) * dims + c];
        }
        out[k * dims + c] = (float) (factors[k] * effect);
      }
    }
  }

  private void applySegment(
      int s, Assignment assignment, Scratch scratch, DenseMatrix corrected, FloatPointer cos) {
    int from = layout.start[s];
    int rows = layout.rows(s);
    Blas.gemmNn(
        rows, dims, nClusters, assignment.rows(from), scratch.nativeSmall, 0, scratch.nativePoints);
    float[] x = scratch.points;
    scratch.nativePoints.get(x, 0, rows * dims);
    assignment.weights(from, from + rows, scratch.weights);
    float[] row = new float[dims];
    double[] wide = new double[dims];
    for (int i = 0; i < rows; i++) {
      int cell = layout.cell(from + i);
      points.readRow(cell, row);
      for (int c = 0; c < dims; c++) {
        row[c] -= scratch.weights[i] * x[i * dims + c];
        wide[c] = row[c];
      }
      corrected.setRow(cell, wide);
      Directions.normalise(row, x, i * dims);
    }
    cos.getPointer((long) from * dims).put(x, 0, rows * dims);
  }
}
