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
final class RidgeCorrection {
  private static final int TASK_ROWS = 8192;

  /** Tasks whose sums are held at a time. */
  private static final int WAVE = 64;

  private static final int CLUSTERS_PER_TASK = 4;

  private final BlockOrder blocks;
  private final HarmonyDesign design;
  private final TileBuffers.Pool pool;
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

  RidgeCorrection(
      BlockOrder blocks,
      HarmonyDesign design,
      TileBuffers.Pool pool,
      DenseMatrix points,
      Harmony.Params params) {
    this.blocks = blocks;
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

  void lambdas(Cooccurrence counts) {
    for (int k = 0; k < nClusters; k++) {
      for (int b = 0; b < design.nLevels; b++) {
        double fixed = design.lambda[b];
        lambda[k][b] = fixed == -1 ? params.alpha() * counts.expected(b, k) : fixed;
      }
    }
  }

  void fit(SoftClustering clustering) {
    Cooccurrence counts = clustering.counts();
    lambdas(counts);
    var rules = FlavorRules.of(params.flavor());
    boolean[][] kept = new boolean[nClusters][design.nLevels];
    for (int k = 0; k < nClusters; k++) {
      rules.keep(design, counts, k, params.batchPropCutoff(), kept[k]);
    }
    var sums = new RidgeSums(design, nClusters, dims, kept);
    int[] bounds = tasks();
    int nTasks = bounds.length - 1;
    for (int first = 0; first < nTasks; first += WAVE) {
      int from = first;
      var parts =
          Parallel.map(Math.min(WAVE, nTasks - first), t -> part(bounds, from + t, clustering));
      int[] joints = new int[parts.size()];
      for (int t = 0; t < joints.length; t++) {
        joints[t] = blocks.joint[blocks.byJoint[bounds[first + t]]];
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
              new NormalEquations(design, sums, kept[k], lambda[k], k, dims).solve(weights[k]);
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

  /** Bounds in {@code byJoint} of groups of segments of the same levels. */
  private int[] tasks() {
    var bounds = new ArrayList<Integer>();
    int rows = 0;
    for (int i = 0; i < blocks.byJoint.length; i++) {
      int s = blocks.byJoint[i];
      boolean other = i == 0 || blocks.joint[blocks.byJoint[i - 1]] != blocks.joint[s];
      if (other || rows >= TASK_ROWS) {
        bounds.add(i);
        rows = 0;
      }
      rows += blocks.rows(s);
    }
    bounds.add(blocks.byJoint.length);
    return bounds.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Clusters by (dimensions, count): sums of shares times points, and of shares. */
  private double[] part(int[] bounds, int task, SoftClustering clustering) {
    double[] acc = new double[nClusters * (dims + 1)];
    pool.with(
        buffers -> {
          for (int i = bounds[task]; i < bounds[task + 1]; i++) {
            addSegment(blocks.byJoint[i], clustering, buffers, acc);
          }
        });
    return acc;
  }

  private void addSegment(int s, SoftClustering clustering, TileBuffers buffers, double[] acc) {
    int from = blocks.start[s];
    int rows = blocks.rows(s);
    int width = dims + 1;
    float[] w = buffers.weights;
    float[] x = buffers.points;
    clustering.weights(from, from + rows, w);
    float[] row = new float[dims];
    for (int i = 0; i < rows; i++) {
      points.readRow(blocks.cell(from + i), row);
      for (int c = 0; c < dims; c++) {
        x[i * width + c] = w[i] * row[c];
      }
      x[i * width + dims] = w[i];
    }
    buffers.addProduct(blocks, s, clustering, width, acc);
  }

  /** Writes the corrected points by cell, and their directions by position. */
  void apply(SoftClustering clustering, DenseMatrix corrected, FloatPointer cos) {
    int[] tasks = blocks.tasks(0, blocks.nSegments());
    Parallel.forBlocks(
        tasks.length - 1,
        t ->
            pool.with(
                buffers -> {
                  int last = -1;
                  for (int s = tasks[t]; s < tasks[t + 1]; s++) {
                    boolean same =
                        last >= 0
                            && blocks.joint[last] == blocks.joint[s]
                            && blocks.block[last] == blocks.block[s];
                    if (!same) {
                      effects(s, clustering, buffers);
                    }
                    last = s;
                    applySegment(s, clustering, buffers, corrected, cos);
                  }
                }));
  }

  /** What each cluster takes off a cell of the segment's levels. */
  private void effects(int s, SoftClustering clustering, TileBuffers buffers) {
    clustering.factors(s, buffers.factors);
    effects(design.levelsOfJoint[blocks.joint[s]], buffers.factors, buffers.small);
    buffers.nativeSmall.put(buffers.small, 0, nClusters * dims);
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
      int s,
      SoftClustering clustering,
      TileBuffers buffers,
      DenseMatrix corrected,
      FloatPointer cos) {
    int from = blocks.start[s];
    int rows = blocks.rows(s);
    Blas.gemmNn(
        rows, dims, nClusters, clustering.rows(from), buffers.nativeSmall, 0, buffers.nativePoints);
    float[] x = buffers.points;
    buffers.nativePoints.get(x, 0, rows * dims);
    clustering.weights(from, from + rows, buffers.weights);
    float[] row = new float[dims];
    double[] wide = new double[dims];
    for (int i = 0; i < rows; i++) {
      int cell = blocks.cell(from + i);
      points.readRow(cell, row);
      for (int c = 0; c < dims; c++) {
        row[c] -= buffers.weights[i] * x[i * dims + c];
        wide[c] = row[c];
      }
      corrected.setRow(cell, wide);
      UnitRows.normalise(row, x, i * dims);
    }
    cos.getPointer((long) from * dims).put(x, 0, rows * dims);
  }
}
