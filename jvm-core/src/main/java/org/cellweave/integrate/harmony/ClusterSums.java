package org.cellweave.integrate.harmony;

import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/** What is read off a clustering: sums of directions by cluster, distances, the shares. */
final class ClusterSums {
  private static final int PARTS = 64;

  private final BlockOrder blocks;
  private final TileBuffers.Pool pool;
  private final int nClusters;
  private final int dims;

  ClusterSums(BlockOrder blocks, TileBuffers.Pool pool, int nClusters, int dims) {
    this.blocks = blocks;
    this.pool = pool;
    this.nClusters = nClusters;
    this.dims = dims;
  }

  /** Clusters by dimensions: directions times shares. */
  double[] of(SoftClustering clustering, FloatPointer cos) {
    int nSegments = blocks.nSegments();
    int step = Math.max(8, Parallel.nBlocks(nSegments, PARTS));
    var parts =
        Parallel.map(
            Parallel.nBlocks(nSegments, step),
            t -> {
              double[] acc = new double[nClusters * dims];
              pool.with(
                  buffers -> {
                    int to = (int) Math.min(nSegments, (t + 1L) * step);
                    for (int s = t * step; s < to; s++) {
                      add(s, clustering, cos, buffers, acc);
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

  private void add(
      int s, SoftClustering clustering, FloatPointer cos, TileBuffers buffers, double[] acc) {
    int from = blocks.start[s];
    int rows = blocks.rows(s);
    float[] x = buffers.points;
    cos.getPointer((long) from * dims).get(x, 0, rows * dims);
    clustering.weights(from, from + rows, buffers.weights);
    for (int i = 0; i < rows; i++) {
      for (int c = 0; c < dims; c++) {
        x[i * dims + c] *= buffers.weights[i];
      }
    }
    buffers.addProduct(blocks, s, clustering, dims, acc);
  }

  /** Sum of shares times squared distances; exact to float32 products. */
  double distance(SoftClustering clustering, FloatPointer cos, double[] centroids) {
    double[] sums = of(clustering, cos);
    double cosines = 0;
    for (int i = 0; i < sums.length; i++) {
      cosines += sums[i] * centroids[i];
    }
    return 2 * (blocks.nCells - clustering.lost() - cosines);
  }

  DenseMatrix shares(SoftClustering clustering) {
    var out = DenseMatrix.zeros(blocks.nCells, nClusters, DType.FLOAT32);
    int[] tasks = blocks.tasks(0, blocks.nSegments());
    Parallel.forBlocks(
        tasks.length - 1,
        t ->
            pool.with(
                buffers -> {
                  double[] row = new double[nClusters];
                  for (int s = tasks[t]; s < tasks[t + 1]; s++) {
                    shares(s, clustering, buffers, row, out);
                  }
                }));
    return out;
  }

  private void shares(
      int s, SoftClustering clustering, TileBuffers buffers, double[] row, DenseMatrix out) {
    int from = blocks.start[s];
    int rows = blocks.rows(s);
    clustering.rows(from).get(buffers.tile, 0, rows * nClusters);
    clustering.factors(s, buffers.factors);
    clustering.weights(from, from + rows, buffers.weights);
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < nClusters; k++) {
        row[k] = (double) buffers.tile[i * nClusters + k] * buffers.factors[k] * buffers.weights[i];
      }
      out.setRow(blocks.cell(from + i), row);
    }
  }
}
