package org.cellweave.diffusion;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.graph.ConnectedComponents;
import org.cellweave.graph.GraphCheck;
import org.cellweave.linalg.LeadingEigen;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Laplacian eigenmap of a weighted graph: the eigenvectors of the normalised Laplacian that follow
 * the trivial one.
 *
 * <p>The trivial eigenvector is known and removed from the operator instead of being computed.
 * Connected components are laid out one by one around centres of their own, as umap-learn does;
 * with more components than twice the dimensions the centres are the eigenmap of the components'
 * mean rows, where distances count in units of their median, and a circle when no representation is
 * given. Components of at most {@code nComponents + 1} cells get random places.
 *
 * <p>Cost: some hundred products with the graph, memory {@code 24 n} doubles. The sign of an axis
 * is arbitrary but fixed by the seed.
 *
 * <p>Belkin and Niyogi 2003, doi:10.1162/089976603321780317.
 */
public final class SpectralLayout {
  private static final int BLOCK = 2048;
  private static final double TOLERANCE = 1e-4;

  private SpectralLayout() {}

  /** How many axes, and the seed of the start vector and of random places. */
  public record Params(int nComponents, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nComponents, "nComponents");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** Collects parameters; each default is written here and nowhere else. */
    public static final class Builder {
      private int nComponents = 2;
      private long seed = 0;

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

  /** Coordinates in float64 and the number of connected components. */
  public record Result(DenseMatrix coordinates, int components) {}

  /** As {@link #run(CsrMatrix, DenseMatrix, Params)} without a representation. */
  public static Result run(CsrMatrix graph, Params params) {
    return run(graph, null, params);
  }

  /**
   * Lays out a symmetric graph.
   *
   * @param representation places the centres of many components; may be null
   */
  public static Result run(CsrMatrix graph, DenseMatrix representation, Params params) {
    int n = graph.nRows();
    GraphCheck.square(graph);
    if (representation != null) {
      Check.sameLength(representation.nRows(), n, "representation", "the number of cells");
    }
    int dim = params.nComponents();
    var found = ConnectedComponents.of(graph);
    int[] label = found.labels();
    int components = found.count();
    double[] out = new double[n * dim];
    if (components == 1) {
      layOut(graph, dim, params.seed(), out);
    } else {
      double[] centres = centres(components, dim, label, representation, params.seed());
      for (int c = 0; c < components; c++) {
        Parallel.checkInterrupted();
        layOutComponent(graph, label, c, components, centres, dim, params.seed() + c, out);
      }
    }
    return new Result(DenseMatrix.wrap(out, n, dim), components);
  }

  /** Eigenmap of a connected graph, or random places when it is too small. */
  private static void layOut(CsrMatrix graph, int dim, long seed, double[] out) {
    int n = graph.nRows();
    if (n <= dim + 1) {
      var random = new SplittableRandom(seed);
      Arrays.setAll(out, p -> random.nextDouble(-1, 1));
      return;
    }
    double[] root = graph.rowSums();
    double total = Arrays.stream(root).sum();
    double[] scale = new double[n];
    for (int i = 0; i < n; i++) {
      scale[i] = 1 / Math.sqrt(root[i]);
      root[i] = Math.sqrt(root[i] / total);
    }
    var normalised = new ScaledGraph(graph, scale);
    LeadingEigen.Operator operator =
        (x, y) -> {
          normalised.multiply(x, y);
          double trivial = Parallel.sum(n, BLOCK, (from, to) -> dot(root, x, from, to));
          for (int i = 0; i < n; i++) {
            // Moves the trivial eigenvalue from 1 to -1, the far end.
            y[i] -= 2 * trivial * root[i];
          }
        };
    var task =
        new LeadingEigen.Task(
            n,
            dim,
            LeadingEigen.Order.LARGEST,
            TOLERANCE,
            seed,
            "the spectral layout",
            "Use init = random.");
    double[] vectors = LeadingEigen.pairs(task, operator).vectors();
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < dim; c++) {
        out[i * dim + c] = vectors[c * n + i];
      }
    }
  }

  private static double dot(double[] a, double[] b, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] centres(
      int components, int dim, int[] label, DenseMatrix representation, long seed) {
    double[] centres = new double[components * dim];
    if (components <= 2 * dim) {
      int half = (components + 1) / 2;
      for (int c = 0; c < components; c++) {
        centres[c * dim + c % half] = c < half ? 1 : -1;
      }
    } else if (representation != null) {
      layOut(affinity(components, label, representation), dim, seed, centres);
      double largest = largest(centres);
      for (int p = 0; p < centres.length; p++) {
        centres[p] /= largest;
      }
    } else {
      for (int c = 0; c < components; c++) {
        double angle = 2 * Math.PI * c / components;
        centres[c * dim] = dim == 1 ? 2.0 * c / components - 1 : Elementary.cos(angle);
        if (dim > 1) {
          centres[c * dim + 1] = Elementary.sin(angle);
        }
      }
    }
    return centres;
  }

  private static CsrMatrix affinity(int components, int[] label, DenseMatrix representation) {
    int d = representation.nCols();
    double[][] means = new double[components][d];
    int[] sizes = new int[components];
    double[] row = new double[d];
    for (int i = 0; i < label.length; i++) {
      representation.readRow(i, row);
      sizes[label[i]]++;
      for (int j = 0; j < d; j++) {
        means[label[i]][j] += row[j];
      }
    }
    double[] squares = new double[components * components];
    for (int a = 0; a < components; a++) {
      for (int b = 0; b < components; b++) {
        for (int j = 0; j < d; j++) {
          double diff = means[a][j] / sizes[a] - means[b][j] / sizes[b];
          squares[a * components + b] += diff * diff;
        }
      }
    }
    double median = Arrays.stream(squares).sorted().toArray()[squares.length / 2];
    for (int p = 0; p < squares.length; p++) {
      squares[p] = Elementary.exp(-squares[p] / (median > 0 ? median : 1));
    }
    return DenseMatrix.wrap(squares, components, components).toCsr();
  }

  private static void layOutComponent(
      CsrMatrix graph,
      int[] label,
      int component,
      int components,
      double[] centres,
      int dim,
      long seed,
      double[] out) {
    int[] members = new int[label.length];
    int size = 0;
    for (int i = 0; i < label.length; i++) {
      if (label[i] == component) {
        members[size++] = i;
      }
    }
    members = Arrays.copyOf(members, size);
    double[] local = new double[size * dim];
    layOut(graph.takeRows(members).takeCols(members), dim, seed, local);
    double stretch = reach(component, components, centres, dim) / largest(local);
    for (int m = 0; m < size; m++) {
      for (int c = 0; c < dim; c++) {
        out[members[m] * dim + c] = centres[component * dim + c] + stretch * local[m * dim + c];
      }
    }
  }

  /** Half the distance to the nearest other centre. */
  private static double reach(int component, int components, double[] centres, int dim) {
    double nearest = Double.POSITIVE_INFINITY;
    for (int o = 0; o < components; o++) {
      double square = 0;
      for (int c = 0; c < dim; c++) {
        double diff = centres[o * dim + c] - centres[component * dim + c];
        square += diff * diff;
      }
      if (o != component && square > 0) {
        nearest = Math.min(nearest, Math.sqrt(square));
      }
    }
    return Double.isInfinite(nearest) ? 1 : nearest / 2;
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double v : values) {
      largest = Math.max(largest, Math.abs(v));
    }
    return largest > 0 ? largest : 1;
  }
}
