package org.cellweave.clonal.association;

import org.cellweave.graph.GraphCheck;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;

/**
 * A graph between that of expression and that of lineage: {@code E + alpha^beta (L - E)}, to be
 * clustered in place of the first. Weights that come out as zero are left out.
 *
 * @see <a href="https://doi.org/10.1016/j.xgen.2022.100247">Richman et al. 2023, ClonoCluster</a>
 */
public final class Clonocluster {
  private Clonocluster() {}

  /**
   * @param alpha from 0, which leaves lineage out whatever {@code beta} is, to 1, which leaves
   *     expression out
   * @param beta from 0 to 1; the smaller, the sooner lineage counts
   */
  public record Params(double alpha, double beta) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.inRange(alpha, 0, 1, "alpha");
      Check.inRange(beta, 0, 1, "beta");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private double alpha = 0.2;
      private double beta = 0.1;

      private Builder() {}

      public Builder alpha(double value) {
        alpha = value;
        return this;
      }

      public Builder beta(double value) {
        beta = value;
        return this;
      }

      public Params build() {
        return new Params(alpha, beta);
      }
    }

    /** Weight of the graph of lineage. */
    double lineageShare() {
      return alpha == 0 ? 0 : Elementary.pow(alpha, beta);
    }
  }

  /**
   * @param connectivities the mixed graph, float32 where both are
   */
  public record Result(CsrMatrix connectivities) {}

  /**
   * @param expression clones by clones
   * @param lineage of the same clones
   */
  public static Result run(CsrMatrix expression, CsrMatrix lineage, Params params) {
    GraphCheck.square(expression);
    GraphCheck.square(lineage);
    Check.sameLength(lineage.nRows(), expression.nRows(), "the lineage graph", "the other's size");
    GraphCheck.weights(expression);
    GraphCheck.weights(lineage);
    double share = params.lineageShare();
    boolean wide = expression.dtype() == DType.FLOAT64 || lineage.dtype() == DType.FLOAT64;
    var out = new CsrBuilder(expression.nCols(), wide ? DType.FLOAT64 : DType.FLOAT32);
    double[] sum = new double[expression.nCols()];
    for (int i = 0; i < expression.nRows(); i++) {
      int[] at = new int[expression.rowNnz(i) + lineage.rowNnz(i)];
      int n = add(expression, i, 1 - share, sum, at, 0);
      n = add(lineage, i, share, sum, at, n);
      double[] values = new double[n];
      for (int k = 0; k < n; k++) {
        values[k] = sum[at[k]];
        sum[at[k]] = 0;
      }
      out.addRow(at, values, n);
    }
    return new Result(out.build());
  }

  /** Adds a row to the sums; weights are not negative, so that a sum above zero has been seen. */
  private static int add(CsrMatrix graph, int i, double share, double[] sum, int[] at, int n) {
    var block = graph.blockOf(i);
    int seen = n;
    for (int p = block.start(i); p < block.end(i); p++) {
      double weight = share * block.value(p);
      int j = block.indices()[p];
      if (weight > 0) {
        if (sum[j] == 0) {
          at[seen++] = j;
        }
        sum[j] += weight;
      }
    }
    return seen;
  }
}
