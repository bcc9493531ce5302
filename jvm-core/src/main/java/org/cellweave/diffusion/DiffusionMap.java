package org.cellweave.diffusion;

import org.cellweave.graph.GraphCheck;
import org.cellweave.linalg.LeadingEigen;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Progress;

/**
 * Diffusion map of a weighted graph: the leading eigenvectors of its density-normalised, symmetric
 * transition matrix, the stationary one first.
 *
 * <p>As in scanpy the eigenvectors belong to the symmetric matrix, so that the first column is the
 * square root of the stationary distribution and carries no information. The sign of a column makes
 * its entry of largest magnitude, the first of equals, positive. scanpy sums in float32, this class
 * in float64.
 *
 * <p>Cost: some hundred products with the graph, memory {@code 2 nComps + 1} doubles for each cell.
 * Eigenvalues that coincide, as those of a graph in several pieces, have no vectors of their own;
 * any basis of their space may come out.
 *
 * @see <a href="https://doi.org/10.1093/bioinformatics/btv325">Haghverdi, Buettner and Theis
 *     2015</a>
 */
public final class DiffusionMap {
  private static final int LEAST = 3;

  private DiffusionMap() {}

  /**
   * @param nComps number of eigenvectors, the stationary one included
   * @param seed of the start vector
   */
  public record Params(int nComps, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (nComps < LEAST) {
        throw new IllegalArgumentException(
            "nComps must be greater than 2, because the first component is the stationary state,"
                + " got "
                + nComps);
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nComps = 15;
      private long seed = 0;

      private Builder() {}

      public Builder nComps(int value) {
        nComps = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(nComps, seed);
      }
    }
  }

  /**
   * @param components cells by components, float32
   * @param eigenvalues largest first
   */
  public record Result(DenseMatrix components, double[] eigenvalues) {}

  public static Result run(CsrMatrix graph, Params params) {
    return run(graph, params, Progress.NONE);
  }

  /**
   * @param graph symmetric connectivities
   * @throws IllegalArgumentException when a cell has no edge or a weight is not finite or negative
   */
  public static Result run(CsrMatrix graph, Params params, Progress progress) {
    int n = graph.nRows();
    GraphCheck.square(graph);
    int count = params.nComps();
    if (count >= n) {
      throw new IllegalArgumentException(
          "nComps must be smaller than the number of cells, got nComps = "
              + count
              + " for "
              + n
              + " cells");
    }
    var transitions = new ScaledGraph(graph, scale(graph));
    int[] products = new int[1];
    LeadingEigen.Operator operator =
        (x, y) -> {
          transitions.multiply(x, y);
          progress.step("diffmap", ++products[0], 0, Double.NaN);
        };
    var task =
        new LeadingEigen.Task(
            n,
            count,
            LeadingEigen.Order.LARGEST_MAGNITUDE,
            0,
            params.seed(),
            "the diffusion map",
            "Lower nComps, or raise nNeighbors so that the graph hangs together.");
    var pairs = LeadingEigen.pairs(task, operator);
    return new Result(oriented(pairs.vectors(), n, count), pairs.values());
  }

  /** {@code s} of the transition matrix {@code diag(s) W diag(s)}. */
  private static double[] scale(CsrMatrix graph) {
    int n = graph.nRows();
    double[] density = new double[n];
    for (int i = 0; i < n; i++) {
      var block = graph.blockOf(i);
      for (int p = block.start(i); p < block.end(i); p++) {
        density[i] += GraphCheck.weight(block, i, p);
      }
      if (density[i] == 0) {
        throw new IllegalArgumentException(
            "cell "
                + i
                + " has no edge in the graph, so that nothing diffuses from it. Remove it, or join"
                + " cells to more neighbors.");
      }
    }
    double[] inverse = new double[n];
    for (int i = 0; i < n; i++) {
      inverse[i] = 1 / density[i];
    }
    double[] rowSums = new ScaledGraph(graph, inverse).rowSums();
    double[] scale = new double[n];
    for (int i = 0; i < n; i++) {
      scale[i] = inverse[i] / Math.sqrt(rowSums[i]);
    }
    return scale;
  }

  private static DenseMatrix oriented(double[] vectors, int n, int count) {
    float[] out = new float[n * count];
    for (int c = 0; c < count; c++) {
      int top = 0;
      for (int i = 1; i < n; i++) {
        if (Math.abs(vectors[c * n + i]) > Math.abs(vectors[c * n + top])) {
          top = i;
        }
      }
      double sign = vectors[c * n + top] < 0 ? -1 : 1;
      for (int i = 0; i < n; i++) {
        out[i * count + c] = (float) (sign * vectors[c * n + i]);
      }
    }
    return DenseMatrix.wrap(out, n, count);
  }
}
