package org.cellweave.clonal.association;

import java.util.Arrays;
import org.cellweave.diffexp.Significance;
import org.cellweave.graph.GraphAutocorrelation;
import org.cellweave.graph.GraphCheck;
import org.cellweave.graph.SymmetricGraph;
import org.cellweave.linalg.LeadingEigen;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Features that are smooth on a graph: the leading eigenvectors of {@code X' W X}, which are
 * principal components guided by the graph, and Moran's I of every feature with its significance.
 *
 * <p>The components are of X as it is given, so that it should be scaled; only products with it are
 * taken, never a table of features by features. Of a graph with a direction they see the mean of
 * both. Loadings have their largest entry positive. Moran's I is of centred features; its variance
 * is the one under randomisation, kurtosis included, and its p-value the normal upper tail.
 *
 * <p>Cost: a product takes two passes over X and one over W, and a component several products.
 *
 * @see <a href="https://doi.org/10.1016/j.patcog.2010.12.015">Barshan et al. 2011</a>
 * @see <a href="https://doi.org/10.1093/biomet/37.1-2.17">Moran 1950</a>
 */
public final class GraphAssociations {
  private static final int BLOCK = 64;

  private static final int LEAST_CLONES = 4;

  /** Fourth powers of many values stay in the range of float64. */
  private static final double LARGEST = 1e50;

  private GraphAssociations() {}

  /**
   * @param nPcs components
   * @param seed of the vector that the search for them starts from
   */
  public record Params(int nPcs, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nPcs, "nPcs");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nPcs = 50;
      private long seed = 0;

      private Builder() {}

      public Builder nPcs(int value) {
        nPcs = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(nPcs, seed);
      }
    }
  }

  /**
   * @param eigenvalues largest first
   * @param explained eigenvalues over the sum of all squares of X
   * @param loadings features by components
   * @param scores clones by components
   * @param moransI one per feature; NaN for a constant one, as its p-value
   * @param pvalue of a Moran's I as large, by chance
   */
  public record Result(
      double[] eigenvalues,
      double[] explained,
      DenseMatrix loadings,
      DenseMatrix scores,
      double[] moransI,
      double[] pvalue) {}

  public static Result run(CsrMatrix graph, Matrix x, Params params) {
    return run(graph, x, params, Progress.NONE);
  }

  /**
   * @param graph clones by clones, weights not negative
   * @param x clones by features
   */
  public static Result run(CsrMatrix graph, Matrix x, Params params, Progress progress) {
    GraphCheck.square(graph);
    GraphCheck.hasEdges(graph);
    GraphCheck.weights(graph);
    Check.sameLength(x.nRows(), graph.nRows(), "the list of clones", "that of the graph");
    int most = Math.min(x.nRows(), x.nCols()) - 1;
    if (most < 1 || x.nRows() < LEAST_CLONES) {
      throw new IllegalArgumentException(
          "graphAssociations needs at least "
              + LEAST_CLONES
              + " clones, as Moran's I of fewer has no variance, and two features, got a matrix of "
              + x.shape());
    }
    if (params.nPcs() > most) {
      throw new IllegalArgumentException(
          "nPcs must be at most "
              + most
              + ", one less than the smaller side of a matrix of "
              + x.shape()
              + ", got "
              + params.nPcs());
    }
    Finite.require(x, "X", "graphAssociations");
    Finite.requireUpTo(x, LARGEST, "X", "graphAssociations");
    var symmetric = SymmetricGraph.of(graph, (there, back) -> (there + back) / 2);
    var products = new Products(symmetric, x);
    var pairs = products.leading(params, progress);
    double squares = products.squares();
    double[] explained = new double[params.nPcs()];
    for (int c = 0; c < explained.length; c++) {
      explained[c] = pairs.values()[c] / squares;
    }
    var moran = new MoransTest(symmetric, products.features);
    double[] index = GraphAutocorrelation.run(graph, x).moransI();
    if (Arrays.stream(index).allMatch(Double::isNaN)) {
      throw new IllegalArgumentException(
          "no feature of X varies over the clones, so that none has a Moran's I; give features that"
              + " differ between clones");
    }
    return new Result(
        pairs.values(),
        explained,
        products.loadings(pairs.vectors(), params.nPcs()),
        products.scores(pairs.vectors(), params.nPcs()),
        index,
        moran.pvalues(index));
  }

  /** Products with X, its transpose and the graph. */
  private static final class Products {
    private final Rows edges;
    private final Rows clones;
    private final Rows features;
    private final double[] onClones;
    private final double[] smoothed;

    Products(CsrMatrix symmetric, Matrix x) {
      edges = Rows.of(symmetric);
      clones = Rows.of(x);
      features = Rows.of(x.transpose());
      onClones = new double[x.nRows()];
      smoothed = new double[x.nRows()];
    }

    LeadingEigen.Pairs leading(Params params, Progress progress) {
      var task =
          new LeadingEigen.Task(
              features.nRows(),
              params.nPcs(),
              LeadingEigen.Order.LARGEST,
              1e-12,
              params.seed(),
              "graphAssociations",
              "Take a smaller nPcs, and check X for extreme values.");
      int[] steps = new int[1];
      var pairs =
          LeadingEigen.pairs(
              task,
              (v, out) -> {
                progress.step("graphAssociations", ++steps[0], 0, Double.NaN);
                multiply(clones, v, onClones);
                multiply(edges, onClones, smoothed);
                multiply(features, smoothed, out);
              });
      orient(pairs.vectors(), features.nRows(), params.nPcs());
      return pairs;
    }

    double squares() {
      return Parallel.sum(
          features.nRows(),
          BLOCK,
          (from, to) -> {
            RowReader reader = features.reader();
            double sum = 0;
            for (int j = from; j < to; j++) {
              int n = reader.load(j);
              for (int k = 0; k < n; k++) {
                sum += reader.values()[k] * reader.values()[k];
              }
            }
            return sum;
          });
    }

    DenseMatrix loadings(double[] vectors, int count) {
      return beside(vectors, features.nRows(), count);
    }

    DenseMatrix scores(double[] vectors, int count) {
      int n = clones.nRows();
      int p = features.nRows();
      double[] all = new double[n * count];
      for (int c = 0; c < count; c++) {
        multiply(clones, Arrays.copyOfRange(vectors, c * p, (c + 1) * p), onClones);
        System.arraycopy(onClones, 0, all, c * n, n);
      }
      return beside(all, n, count);
    }
  }

  private static void multiply(Rows a, double[] v, double[] out) {
    Parallel.forRange(
        a.nRows(),
        BLOCK,
        (from, to) -> {
          RowReader reader = a.reader();
          for (int i = from; i < to; i++) {
            out[i] = reader.dot(i, v, 0);
          }
        });
  }

  /** Columns that follow each other as a matrix. */
  private static DenseMatrix beside(double[] columns, int n, int count) {
    var out = DenseMatrix.zeros(n, count, DType.FLOAT64);
    double[] row = new double[count];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < count; c++) {
        row[c] = columns[c * n + i];
      }
      out.setRow(i, row);
    }
    return out;
  }

  private static void orient(double[] vectors, int p, int count) {
    for (int c = 0; c < count; c++) {
      int largest = c * p;
      for (int j = c * p; j < (c + 1) * p; j++) {
        largest = Math.abs(vectors[j]) > Math.abs(vectors[largest]) ? j : largest;
      }
      for (int j = c * p; j < (c + 1) * p && vectors[largest] < 0; j++) {
        if (j != largest) {
          vectors[j] = -vectors[j];
        }
      }
      vectors[largest] = Math.abs(vectors[largest]);
    }
  }

  /** Significance of Moran's I under randomisation: Cliff and Ord 1981, Spatial Processes. */
  private static final class MoransTest {
    private final Rows features;
    private final double n;

    /** Terms of the second moment without, and with, the kurtosis. */
    private final double plain;

    private final double peaked;

    MoransTest(CsrMatrix symmetric, Rows features) {
      this.features = features;
      n = symmetric.nRows();
      double total = 0;
      double s2 = 0;
      double s1 = 0;
      double[] degree = symmetric.rowSums();
      for (double d : degree) {
        total += d;
        s2 += 4 * d * d;
      }
      for (int b = 0; b < symmetric.blockCount(); b++) {
        var block = symmetric.block(b);
        for (int p = 0; p < block.nnz(); p++) {
          s1 += 2 * block.value(p) * block.value(p);
        }
      }
      double below = (n - 1) * (n - 2) * (n - 3) * total * total;
      plain = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * total * total) / below;
      peaked = ((n * n - n) * s1 - 2 * n * s2 + 6 * total * total) / below;
    }

    double[] pvalues(double[] index) {
      double[] p = new double[index.length];
      Parallel.forRange(
          p.length,
          BLOCK,
          (from, to) -> {
            RowReader reader = features.reader();
            for (int j = from; j < to; j++) {
              double mean = -1 / (n - 1);
              double variance = plain - kurtosis(reader, j) * peaked - mean * mean;
              double z = (index[j] - mean) / Math.sqrt(variance);
              p[j] = Double.isNaN(z) ? Double.NaN : Significance.normalAbove(z);
            }
          });
      return p;
    }

    /** Fourth moment over the square of the second, around the mean. */
    private double kurtosis(RowReader reader, int feature) {
      int stored = reader.load(feature);
      double[] v = reader.values();
      double sum = 0;
      for (int k = 0; k < stored; k++) {
        sum += v[k];
      }
      double mean = sum / n;
      double second = (n - stored) * mean * mean;
      double fourth = (n - stored) * mean * mean * mean * mean;
      for (int k = 0; k < stored; k++) {
        double square = (v[k] - mean) * (v[k] - mean);
        second += square;
        fourth += square * square;
      }
      return n * fourth / (second * second);
    }
  }
}
