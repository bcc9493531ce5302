package org.cellweave.trajectory;

import java.util.Arrays;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Partition-based graph abstraction: how much more groups of cells are joined than chance would
 * join them, and the tree that keeps the strongest joins.
 *
 * <p>Cost: one pass over the neighbour graph, then O(groups^2 log groups). Equal joins enter the
 * tree in the order of their groups.
 *
 * @see <a href="https://doi.org/10.1186/s13059-019-1663-x">Wolf et al. 2019</a>
 */
public final class Paga {
  private Paga() {}

  /** How chance is reckoned. */
  public enum Model {
    /** On the directed neighbour lists, by the edges that random ends would give, at most 1. */
    V1_2,
    /** On the symmetric graph, by the geometric mean of the groups' sizes. */
    V1_0
  }

  /**
   * @param model how chance is reckoned
   * @param nNeighbors of the neighbour lists; only {@link Model#V1_0} uses it
   */
  public record Params(Model model, int nNeighbors) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nNeighbors, "nNeighbors");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Model model = Model.V1_2;
      private int nNeighbors = 15;

      private Builder() {}

      public Builder model(Model value) {
        model = value;
        return this;
      }

      public Builder nNeighbors(int value) {
        nNeighbors = value;
        return this;
      }

      public Params build() {
        return new Params(model, nNeighbors);
      }
    }
  }

  /**
   * @param connectivities symmetric, groups by groups, float64
   * @param tree each edge of the spanning tree once
   * @param sizes cells of each group
   */
  public record Result(CsrMatrix connectivities, CsrMatrix tree, int[] sizes) {}

  public static Result run(CsrMatrix graph, int[] codes, int nGroups, Params params) {
    return run(graph, codes, nGroups, params, Progress.NONE);
  }

  /**
   * @param graph neighbour distances for {@link Model#V1_2}, connectivities for {@link Model#V1_0};
   *     only the places of the stored entries count
   * @param codes group of every cell
   */
  public static Result run(
      CsrMatrix graph, int[] codes, int nGroups, Params params, Progress progress) {
    Check.sameLength(codes.length, graph.nRows(), "codes", "the number of cells of the graph");
    int[] sizes = sizes(codes, nGroups);
    double[][] edges = edges(graph, codes, nGroups);
    double[][] weight =
        params.model() == Model.V1_2
            ? beyondChance(edges, sizes)
            : byMeanSize(edges, sizes, params.nNeighbors());
    double[][] strength = weight;
    if (params.model() == Model.V1_0) {
      strength = edges;
    }
    var tree = SpanningTree.strongest(strength, weight);
    progress.step("paga", 1, 1, Double.NaN);
    return new Result(sparse(weight), sparse(tree), sizes);
  }

  private static int[] sizes(int[] codes, int nGroups) {
    int[] sizes = new int[nGroups];
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] < 0 || codes[i] >= nGroups) {
        throw new IllegalArgumentException(
            "every cell needs a group in [0, "
                + nGroups
                + "), but cell "
                + i
                + " has "
                + codes[i]
                + "; subset to the cells with a group first");
      }
      sizes[codes[i]]++;
    }
    return sizes;
  }

  /** Stored entries from each group to each. */
  private static double[][] edges(CsrMatrix graph, int[] codes, int nGroups) {
    double[][] edges = new double[nGroups][nGroups];
    for (int i = 0; i < codes.length; i++) {
      var block = graph.blockOf(i);
      for (int p = block.start(i); p < block.end(i); p++) {
        edges[codes[i]][codes[block.indices()[p]]]++;
      }
    }
    return edges;
  }

  private static double[][] beyondChance(double[][] edges, int[] sizes) {
    int g = sizes.length;
    double[] out = new double[g];
    double n = 0;
    for (int a = 0; a < g; a++) {
      out[a] = Arrays.stream(edges[a]).sum();
      n += sizes[a];
    }
    double[][] weight = new double[g][g];
    for (int a = 0; a < g; a++) {
      for (int b = 0; b < g; b++) {
        double joined = a == b ? 0 : edges[a][b] + edges[b][a];
        double chance = (out[a] * sizes[b] + out[b] * sizes[a]) / (n - 1);
        weight[a][b] = joined == 0 ? 0 : chance == 0 ? 1 : Math.min(1, joined / chance);
      }
    }
    return weight;
  }

  private static double[][] byMeanSize(double[][] edges, int[] sizes, int nNeighbors) {
    int g = sizes.length;
    double[][] weight = new double[g][g];
    for (int a = 0; a < g; a++) {
      for (int b = 0; b < g; b++) {
        double mean = Math.sqrt((double) nNeighbors * nNeighbors * sizes[a] * sizes[b]);
        weight[a][b] = a == b ? 0 : edges[a][b] / mean;
      }
    }
    return weight;
  }

  private static CsrMatrix sparse(double[][] dense) {
    var builder = new CsrBuilder(dense.length, DType.FLOAT64);
    int[] at = new int[dense.length];
    double[] v = new double[dense.length];
    for (double[] row : dense) {
      int n = 0;
      for (int j = 0; j < row.length; j++) {
        if (row[j] != 0) {
          at[n] = j;
          v[n++] = row[j];
        }
      }
      builder.addRow(at, v, n);
    }
    return builder.build();
  }
}
