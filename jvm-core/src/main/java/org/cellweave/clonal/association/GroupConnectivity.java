package org.cellweave.clonal.association;

import org.cellweave.design.Categories;
import org.cellweave.graph.GraphCheck;
import org.cellweave.graph.SymmetricGraph;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;

/**
 * Edges between groups of a graph over those expected by chance; 1 where there are as many.
 *
 * <p>With a direction as many are expected from one group to another as its outgoing edges times
 * the share of all that go to the other. Without one, edges of both directions count as one, and
 * the edges of a group are spread over the others by their size, as in PAGA. Weights do not count,
 * but an edge must have one above zero; what has no group is left out, and a pair of which no edge
 * is expected has 0.
 *
 * @see <a href="https://doi.org/10.1186/s13059-019-1663-x">Wolf et al. 2019</a>
 */
public final class GroupConnectivity {
  private GroupConnectivity() {}

  /**
   * @param directed whether the edges of the graph have a direction
   */
  public record Params(boolean directed) {
    public static final Params DEFAULTS = builder().build();

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private boolean directed = true;

      private Builder() {}

      public Builder directed(boolean value) {
        directed = value;
        return this;
      }

      public Params build() {
        return new Params(directed);
      }
    }
  }

  /**
   * @param connectivity groups by groups, from row to column
   * @param nEdges between members of groups; an edge without direction counts from both ends
   */
  public record Result(DenseMatrix connectivity, long nEdges) {}

  /**
   * @param graph nodes by nodes
   * @param groups of the same nodes
   */
  public static Result run(CsrMatrix graph, Categories groups, Params params) {
    GraphCheck.square(graph);
    GraphCheck.weights(graph);
    groups.forCells(graph.nRows());
    CsrMatrix used = params.directed() ? graph : SymmetricGraph.of(graph, Double::sum);
    int k = groups.nLevels();
    long[] observed = new long[k * k];
    for (int i = 0; i < used.nRows(); i++) {
      int from = groups.code(i);
      var block = used.blockOf(i);
      for (int p = block.start(i); from >= 0 && p < block.end(i); p++) {
        int to = groups.code(block.indices()[p]);
        if (to >= 0 && block.value(p) > 0) {
          observed[from * k + to]++;
        }
      }
    }
    return compared(observed, groups, params.directed());
  }

  private static Result compared(long[] observed, Categories groups, boolean directed) {
    int k = groups.nLevels();
    double[] out = new double[k];
    double[] in = new double[k];
    long edges = 0;
    int nodes = 0;
    for (int a = 0; a < k; a++) {
      nodes += groups.size(a);
      for (int b = 0; b < k; b++) {
        out[a] += observed[a * k + b];
        in[b] += observed[a * k + b];
        edges += observed[a * k + b];
      }
    }
    double[] ratio = new double[k * k];
    for (int a = 0; a < k; a++) {
      for (int b = 0; b < k; b++) {
        double expected =
            directed
                ? out[a] * in[b] / edges
                : (out[a] * groups.size(b) + out[b] * groups.size(a)) / (nodes - 1);
        ratio[a * k + b] = expected > 0 ? observed[a * k + b] / expected : 0;
      }
    }
    return new Result(DenseMatrix.wrap(ratio, k, k), edges);
  }
}
