package org.cellweave.integrate.harmony;

import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/** What is read off an assignment: sums of directions by cluster, distances, the shares. */
final class ClusterSums {
  private static final int PARTS = 64;

  private final Layout layout;
  private final Scratch.Pool pool;
  private final int nClusters;
  private final int dims;

  ClusterSums(Layout layout, Scratch.Pool pool, int nClusters, int dims) {
    this.layout = layout;
    this.pool = pool;
    this.nClusters = nClusters;
    this.dims = dims;
  }

  /** Clusters by dimensions: directions times shares. */
  double[] of(Assignment assignment, FloatPointer cos) {
    int nSegments = layout.nSegments();
    int step = Math.max(8, Parallel.nBlocks(nSegments, PARTS));
    var parts =
        Parallel.map(
            Parallel.nBlocks(nSegments, step),
            t -> {
              double[] acc = new double[nClusters * dims];
              pool.with(
                  scratch -> {
                    int to = (int) Math.min(nSegments, (t + 1L) * step);
                    for (int s = t * step; s < to; s++) {
                      add(s, assignment, cos, scratch, acc);
                    }
                  });
              return acc;
            });
    double[] out = new double[nClusters * dims];
    for (double[] part : parts) {
      for (int i = 0; i < out.length; i++) {
        out[i] += part[i];
      }
    }
    return out;
  }

  private void add(int s, Assignment assignment, FloatPointer cos, Scratch scratch, double[] acc) {
    int from = layout.start[s];
    int rows = layout.rows(s);
    float[] x = scratch.points;
    cos.getPointer((long) from * dims).get(x, 0, rows * dims);
    assignment.weights(from, from + rows, scratch.weights);
    for (int i = 0; i < rows; i++) {
      for (int c = 0; c < dims; c++) {
        x[i * dims + c] *= scratch.weights[i];
      }
    }
    scratch.addProduct(layout, s, assignment, dims, acc);
  }

  /** Sum of shares times squared distances; exact to float32 products. */
  double distance(Assignment assignment, FloatPointer cos, double[] centroids) {
    double[] sums = of(assignment, cos);
    double cosines = 0;
    for (int i = 0; i < sums.length; i++) {
      cosines += sums[i] * centroids[i];
    }
    return 2 * (layout.nCells - assignment.lost() - cosines);
  }

  DenseMatrix shares(Assignment assignment) {
    var out = DenseMatrix.zeros(layout.nCells, nClusters, DType.FLOAT32);
    int[] tasks = layout.tasks(0, layout.nSegments());
    Parallel.forBlocks(
        tasks.length - 1,
        t ->
            pool.with(
                scratch -> {
                  double[] row = new double[nClusters];
                  for (int s = tasks[t]; s < tasks[t + 1]; s++) {
                    shares(s, assignment, scratch, row, out);
                  }
                }));
    return out;
  }

  private void shares(
      int s, Assignment assignment, Scratch scratch, double[] row, DenseMatrix out) {
    int from = layout.start[s];
    int rows = layout.rows(s);
    assignment.rows(from).get(scratch.tile, 0, rows * nClusters);
    assignment.factors(s, scratch.factors);
    assignment.weights(from, from + rows, scratch.weights);
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < nClusters; k++) {
        row[k] = (double) scratch.tile[i * nClusters + k] * scratch.factors[k] * scratch.weights[i];
      }
      out.setRow(layout.cell(from + i), row);
    }
  }
}
