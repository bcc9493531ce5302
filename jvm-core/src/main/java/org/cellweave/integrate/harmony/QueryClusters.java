package org.cellweave.integrate.harmony;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;

/**
 * How far clusters of new cells lie from the reference: the Mahalanobis distance of a cluster's
 * mean, by its own covariance, to the nearest of the reference's centroids, before any correction.
 *
 * <p>A cluster with fewer cells than {@code cellsPerDim} times the dimensions has a covariance that
 * tells too little; its distance is NaN. Cells without a label are left out. Cost: O(n d^2).
 *
 * @see <a href="https://doi.org/10.1038/s41467-021-25957-x">Kang et al. 2021</a>
 */
public final class QueryClusters {
  private QueryClusters() {}

  /**
   * @param cellsPerDim cells that a cluster must have for every dimension, u in the paper
   */
  public record Params(double cellsPerDim) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.inRange(cellsPerDim, 1, 1e6, "cellsPerDim");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double cellsPerDim = 2;

      public Builder cellsPerDim(double value) {
        this.cellsPerDim = value;
        return this;
      }

      public Params build() {
        return new Params(cellsPerDim);
      }
    }
  }

  /**
   * @param distance one for every level of the clusters
   * @param nearest the reference's cluster whose centroid is nearest, -1 where there is no distance
   */
  public record Result(double[] distance, int[] nearest) {}

  /**
   * @param cells among the reference's components
   * @param clusters of the cells
   */
  public static Result run(
      DenseMatrix cells, Categories clusters, CompressedReference reference, Params params) {
    Check.sameLength(cells.nCols(), reference.nDims(), "cells", "the number of components");
    UnitRows.checkFinite(cells, "cells");
    int[][] members = clusters.forCells(cells.nRows()).members();
    double[] distance = new double[members.length];
    int[] nearest = new int[members.length];
    Parallel.forBlocks(
        members.length,
        g -> {
          distance[g] = Double.NaN;
          nearest[g] = -1;
          int n = members[g].length;
          if (n > 1 && n >= params.cellsPerDim() * reference.nDims()) {
            var moments = new WeightedMoments(cells.takeRows(members[g]), i -> 1);
            double[] all = toCentroids(moments, reference);
            nearest[g] = smallest(all);
            distance[g] = all[nearest[g]];
          }
        });
    return new Result(distance, nearest);
  }

  private static double[] toCentroids(WeightedMoments moments, CompressedReference reference) {
    int dims = reference.nDims();
    double[] precision = ClusterSpread.precision(moments.covariance, dims);
    double[] centroid = new double[dims];
    double[] scratch = new double[dims];
    double[] out = new double[reference.nClusters()];
    Arrays.setAll(
        out,
        k -> {
          reference.centroids().readRow(k, centroid);
          return ClusterSpread.distance(moments.mean, centroid, precision, scratch);
        });
    return out;
  }

  private static int smallest(double[] values) {
    int best = 0;
    for (int k = 1; k < values.length; k++) {
      best = values[k] < values[best] ? k : best;
    }
    return best;
  }
}
