package org.cellweave.diffusion;

import org.cellweave.graph.ConnectedComponents;
import org.cellweave.graph.GraphCheck;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;

/**
 * Laplacian eigenmap of a connected, symmetric graph: the eigenvectors of {@code I - D^(-1/2) W
 * D^(-1/2)} after the trivial one, smallest eigenvalues first. Found by {@link SpectralLayout}.
 *
 * <p>Belkin and Niyogi 2003, doi:10.1162/089976603321780317.
 */
public final class LaplacianEigenmap {
  private static final double SAME = 1e-6;

  private LaplacianEigenmap() {}

  /** How many eigenvectors, and the seed of the start vector. */
  public record Params(int nComponents, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nComponents, "nComponents");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nComponents = 20;
      private long seed = 42;

      private Builder() {}

      public Builder nComponents(int value) {
        nComponents = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(nComponents, seed);
      }
    }
  }

  /**
   * @param coordinates nodes by components, float64
   * @param eigenvalues of the Laplacian, ascending, between 0 and 2
   */
  public record Result(DenseMatrix coordinates, double[] eigenvalues) {}

  /**
   * @param graph symmetric, weights not negative
   * @param name of the graph, for messages
   * @throws IllegalArgumentException when it is not symmetric, falls into parts, or has too few
   *     nodes
   */
  public static Result run(CsrMatrix graph, String name, Params params) {
    GraphCheck.square(graph);
    requireSymmetric(graph, name);
    int n = graph.nRows();
    if (params.nComponents() >= n - 1) {
      throw new IllegalArgumentException(
          "nComponents must be less than "
              + (n - 1)
              + ", the nodes of "
              + name
              + " less one, got "
              + params.nComponents());
    }
    int parts = ConnectedComponents.of(graph).count();
    if (parts > 1) {
      throw new IllegalArgumentException(
          name
              + " falls into "
              + parts
              + " parts, and a Laplacian does not tell where these lie beside each other; take more"
              + " neighbours, or the rows of one part");
    }
    var layout = new SpectralLayout.Params(params.nComponents(), params.seed());
    DenseMatrix found = SpectralLayout.run(graph, layout).coordinates();
    return new Result(found, eigenvalues(graph, found));
  }

  private static void requireSymmetric(CsrMatrix graph, String name) {
    for (int b = 0; b < graph.blockCount(); b++) {
      CsrMatrix.Block block = graph.block(b);
      for (int i = block.firstRow(); i < block.endRow(); i++) {
        for (int p = block.start(i); p < block.end(i); p++) {
          int j = block.indices()[p];
          double there = GraphCheck.weight(block, i, p);
          double back = graph.get(j, i);
          if (Math.abs(there - back) > SAME * Math.max(there, back)) {
            throw new IllegalArgumentException(
                name
                    + " must be symmetric, but has "
                    + there
                    + " from node "
                    + i
                    + " to "
                    + j
                    + " and "
                    + back
                    + " back");
          }
        }
      }
    }
  }

  /** Rayleigh quotients: {@code 1 - x' D^(-1/2) W D^(-1/2) x / x' x}. */
  private static double[] eigenvalues(CsrMatrix graph, DenseMatrix vectors) {
    int d = vectors.nCols();
    double[] x = vectors.doubleData();
    double[] degree = graph.rowSums();
    double[] product = new double[d];
    double[] square = new double[d];
    for (int b = 0; b < graph.blockCount(); b++) {
      CsrMatrix.Block block = graph.block(b);
      for (int i = block.firstRow(); i < block.endRow(); i++) {
        for (int c = 0; c < d; c++) {
          square[c] += x[i * d + c] * x[i * d + c];
        }
        for (int p = block.start(i); p < block.end(i); p++) {
          int j = block.indices()[p];
          double w = block.value(p) / Math.sqrt(degree[i] * degree[j]);
          for (int c = 0; c < d; c++) {
            product[c] += x[i * d + c] * w * x[j * d + c];
          }
        }
      }
    }
    for (int c = 0; c < d; c++) {
      product[c] = 1 - product[c] / square[c];
    }
    return product;
  }
}
