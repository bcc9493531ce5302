package org.cellweave.integrate.harmony;

/**
 * Mahalanobis distances to cluster centroids.
 *
 * <p>A cluster of no more cells than dimensions has no spread of its own to measure by, and is told
 * as not usable. Within a usable one, a direction that others determine is left out.
 */
final class ClusterSpread {
  private static final double SINGULAR = 1e-10;

  private final int dims;
  private final double[][] centroids;
  private final double[][] precisions;

  ClusterSpread(CompressedReference reference) {
    int clusters = reference.nClusters();
    this.dims = reference.nDims();
    this.centroids = new double[clusters][dims];
    this.precisions = new double[clusters][];
    double[] covariance = new double[dims * dims];
    for (int k = 0; k < clusters; k++) {
      reference.centroids().readRow(k, centroids[k]);
      if (reference.sizes()[k] > dims) {
        reference.covariances().readRow(k, covariance);
        precisions[k] = precision(covariance, dims);
      }
    }
  }

  boolean usable(int cluster) {
    return precisions[cluster] != null;
  }

  int nUsable() {
    int n = 0;
    for (double[] precision : precisions) {
      n += precision == null ? 0 : 1;
    }
    return n;
  }

  /**
   * @param scratch as long as a cell
   */
  double distance(int cluster, double[] cell, double[] scratch) {
    return distance(cell, centroids[cluster], precisions[cluster], scratch);
  }

  static double distance(double[] a, double[] b, double[] precision, double[] scratch) {
    int dims = a.length;
    double sum = 0;
    for (int i = 0; i < dims; i++) {
      double v = a[i] - b[i];
      scratch[i] = v;
      double half = 0;
      for (int j = 0; j < i; j++) {
        half += precision[i * dims + j] * scratch[j];
      }
      sum += v * (2 * half + precision[i * dims + i] * v);
    }
    return Math.sqrt(Math.max(0, sum));
  }

  /** The inverse of a covariance, row-major as it. */
  static double[] precision(double[] covariance, int dims) {
    double[][] a = new double[dims][dims];
    double[][] right = new double[dims][dims];
    for (int i = 0; i < dims; i++) {
      System.arraycopy(covariance, i * dims, a[i], 0, dims);
      right[i][i] = 1;
    }
    SmallCholesky.solve(a, right, SINGULAR);
    double[] out = new double[dims * dims];
    for (int i = 0; i < dims; i++) {
      System.arraycopy(right[i], 0, out, i * dims, dims);
    }
    return out;
  }
}
