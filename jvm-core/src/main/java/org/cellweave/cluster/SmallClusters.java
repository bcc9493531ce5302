package org.cellweave.cluster;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Check;

/**
 * Joins clusters that are too small to others, the smallest first, each to the one with which
 * modularity gains most or loses least.
 *
 * <p>Cost: one pass over the edges and O(clusters^2) memory. Equal gains go to the lower number.
 */
public final class SmallClusters {
  private SmallClusters() {}

  /**
   * @param minSize nodes that a cluster must have
   */
  public record Params(int minSize) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(minSize, "minSize");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int minSize = 100;

      public Builder minSize(int value) {
        this.minSize = value;
        return this;
      }

      public Params build() {
        return new Params(minSize);
      }
    }
  }

  /**
   * @param labels cluster of every node, numbered by decreasing size from 0
   * @param nClusters how many are left
   * @param joined clusters that became part of others
   */
  public record Result(int[] labels, int nClusters, int joined) {}

  /**
   * @param graph symmetric, not negative
   * @param labels cluster of every node, from 0; not changed
   */
  public static Result run(CsrMatrix graph, int[] labels, Params params) {
    Check.sameLength(labels.length, graph.nRows(), "labels", "the number of nodes");
    int[] own = labels.clone();
    int n = ClusterMembers.renumber(own);
    var joins = new Joins(weights(graph, own, n), sizes(own, n));
    int joined = 0;
    while (n - joined > 1 && joins.joinSmallest(params.minSize())) {
      joined++;
    }
    for (int i = 0; i < own.length; i++) {
      own[i] = joins.root(own[i]);
    }
    return new Result(own, ClusterMembers.renumberBySize(own), joined);
  }

  private static int[] sizes(int[] labels, int n) {
    int[] sizes = new int[n];
    for (int label : labels) {
      sizes[label]++;
    }
    return sizes;
  }

  private static double[][] weights(CsrMatrix graph, int[] labels, int n) {
    double[][] weights = new double[n][n];
    for (int i = 0; i < labels.length; i++) {
      var block = graph.blockOf(i);
      for (int p = block.start(i); p < block.end(i); p++) {
        weights[labels[i]][labels[block.indices()[p]]] += block.value(p);
      }
    }
    return weights;
  }

  /** Clusters on their way into each other. */
  private static final class Joins {
    private final double[][] weights;
    private final int[] sizes;
    private final int[] into;
    private final double total;

    Joins(double[][] weights, int[] sizes) {
      this.weights = weights;
      this.sizes = sizes;
      this.into = new int[sizes.length];
      Arrays.setAll(into, c -> c);
      this.total = Arrays.stream(weights).flatMapToDouble(Arrays::stream).sum();
    }

    int root(int cluster) {
      int c = cluster;
      while (into[c] != c) {
        c = into[c];
      }
      return c;
    }

    /**
     * @return false where none is too small
     */
    boolean joinSmallest(int minSize) {
      int small = -1;
      for (int c = 0; c < sizes.length; c++) {
        if (into[c] == c && sizes[c] < minSize && (small < 0 || sizes[c] < sizes[small])) {
          small = c;
        }
      }
      if (small >= 0) {
        join(small, partner(small));
      }
      return small >= 0;
    }

    private int partner(int small) {
      int best = -1;
      double most = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < sizes.length; c++) {
        if (into[c] == c && c != small) {
          double gain = weights[small][c];
          gain -= total > 0 ? strength(small) / total * strength(c) : 0;
          if (gain > most) {
            most = gain;
            best = c;
          }
        }
      }
      return best;
    }

    private double strength(int cluster) {
      return Arrays.stream(weights[cluster]).sum();
    }

    private void join(int small, int other) {
      for (int c = 0; c < sizes.length; c++) {
        weights[other][c] += weights[small][c];
        weights[small][c] = 0;
      }
      for (double[] row : weights) {
        row[other] += row[small];
        row[small] = 0;
      }
      sizes[other] += sizes[small];
      into[small] = other;
    }
  }
}
