package org.cellweave.integrate.pivots;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Parallel;

/**
 * Means over a cell's neighbours in its own modality.
 *
 * @param graph neighbours of every cell, itself first, row-major
 * @param k neighbours of a cell
 * @param share of a smoothed value that is the neighbours' mean
 */
record Smoothing(int[] graph, int k, double share) {
  private static final int BLOCK = 512;

  static Smoothing of(DenseMatrix places, PivotMatching.Params params) {
    int k = params.nNeighbors();
    if (k < 2) {
      return new Smoothing(IntStream.range(0, places.nRows()).toArray(), 1, params.smoothing());
    }
    var search = NearestNeighbors.Params.builder().nNeighbors(k).build();
    return new Smoothing(NearestNeighbors.run(places, search).indices(), k, params.smoothing());
  }

  DenseMatrix of(DenseMatrix x) {
    return means(x, 0, share);
  }

  /**
   * Correlation of every column with its mean over the neighbours, the cell itself left out; what
   * is noise of single cells has none. One where cells have no neighbours.
   */
  double[] reliability(DenseMatrix x) {
    double[] out = new double[x.nCols()];
    if (k < 2) {
      Arrays.fill(out, 1);
      return out;
    }
    DenseMatrix means = means(x, 1, 1);
    Arrays.setAll(out, j -> Math.max(0, correlation(x.column(j), means.column(j))));
    return out;
  }

  private static double correlation(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElse(0);
    double meanB = Arrays.stream(b).average().orElse(0);
    double both = 0;
    double ofA = 0;
    double ofB = 0;
    for (int i = 0; i < a.length; i++) {
      both += (a[i] - meanA) * (b[i] - meanB);
      ofA += (a[i] - meanA) * (a[i] - meanA);
      ofB += (b[i] - meanB) * (b[i] - meanB);
    }
    return ofA > 0 && ofB > 0 ? both / Math.sqrt(ofA * ofB) : 0;
  }

  private DenseMatrix means(DenseMatrix x, int first, double weight) {
    int n = x.nRows();
    int p = x.nCols();
    var out = DenseMatrix.zeros(n, p, DType.FLOAT64);
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          double[] row = new double[p];
          double[] sum = new double[p];
          for (int i = from; i < to; i++) {
            Arrays.fill(sum, 0);
            for (int q = first; q < k; q++) {
              x.readRow(graph[i * k + q], row);
              for (int j = 0; j < p; j++) {
                sum[j] += row[j];
              }
            }
            x.readRow(i, row);
            for (int j = 0; j < p; j++) {
              sum[j] = (1 - weight) * row[j] + weight * sum[j] / (k - first);
            }
            out.setRow(i, sum);
          }
        });
    return out;
  }
}
