package org.cellweave.graph;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Parallel;
import org.cellweave.util.ShapeMismatchException;

/**
 * Moran's I and Geary's C: whether neighbours in a graph have similar values of a feature.
 *
 * <p>I is near 1 for values that are smooth on the graph and near 0 by chance; C is near 0 and near
 * 1 then. A feature without variance has none: NaN. Sparse features cost only the edges of the
 * cells that express them.
 *
 * @see <a href="https://doi.org/10.1093/biomet/37.1-2.17">Moran 1950</a>
 * @see <a href="https://doi.org/10.2307/2986645">Geary 1954</a>
 */
public final class GraphAutocorrelation {
  private static final int FEATURES = 16;

  private GraphAutocorrelation() {}

  /** Both statistics of every feature. */
  public record Result(double[] moransI, double[] gearysC) {}

  /**
   * @param graph cell times cell weights; need not be symmetric
   * @param values cells in rows, features in columns
   */
  public static Result run(CsrMatrix graph, Matrix values) {
    int n = graph.nRows();
    if (values.nRows() != n) {
      throw new ShapeMismatchException(
          "values has " + values.nRows() + " rows, but the graph has " + n + " cells");
    }
    double[] degree = graph.rowSums();
    double[] incoming = graph.colSums();
    double total = 0;
    for (int i = 0; i < n; i++) {
      total += degree[i];
      degree[i] += incoming[i];
    }
    double weight = total;
    int d = values.nCols();
    double[] moran = new double[d];
    double[] geary = new double[d];
    var features = Rows.of(values.transpose());
    Parallel.forRange(
        d,
        FEATURES,
        (from, to) -> {
          var feature = new Feature(graph, degree, weight);
          var reader = features.reader();
          for (int j = from; j < to; j++) {
            feature.load(reader, j);
            moran[j] = feature.moran();
            geary[j] = feature.geary();
          }
        });
    return new Result(moran, geary);
  }

  /** One feature: where it is not zero, and its sums over cells and edges. */
  private static final class Feature {
    private final CsrMatrix graph;
    private final double[] degree;
    private final double weight;
    private final double[] x;
    private final int[] stored;
    private int size;
    private double sum;
    private double squares;
    private double edges;
    private double byDegree;
    private double squaresByDegree;

    Feature(CsrMatrix graph, double[] degree, double weight) {
      this.graph = graph;
      this.degree = degree;
      this.weight = weight;
      this.x = new double[degree.length];
      this.stored = new int[degree.length];
    }

    void load(RowReader features, int j) {
      for (int s = 0; s < size; s++) {
        x[stored[s]] = 0;
      }
      size = 0;
      int n = features.load(j);
      for (int k = 0; k < n; k++) {
        int i = features.columns()[features.start() + k];
        double value = Finite.require(features.values()[k], "values", i, j);
        if (value != 0) {
          x[i] = value;
          stored[size++] = i;
        }
      }
      sums();
    }

    private void sums() {
      sum = 0;
      squares = 0;
      edges = 0;
      byDegree = 0;
      squaresByDegree = 0;
      for (int s = 0; s < size; s++) {
        int i = stored[s];
        double v = x[i];
        sum += v;
        squares += v * v;
        byDegree += v * degree[i];
        squaresByDegree += v * v * degree[i];
        var block = graph.blockOf(i);
        double row = 0;
        for (int at = block.start(i); at < block.end(i); at++) {
          row += block.value(at) * x[block.indices()[at]];
        }
        edges += v * row;
      }
    }

    private double variation() {
      double around = squares - sum * sum / x.length;
      return around > 1e-14 * squares ? around : 0;
    }

    double moran() {
      double mean = sum / x.length;
      double variation = variation();
      double product = edges - mean * byDegree + mean * mean * weight;
      return variation == 0 ? Double.NaN : x.length / weight * product / variation;
    }

    double geary() {
      double variation = variation();
      double gaps = squaresByDegree - 2 * edges;
      return variation == 0 ? Double.NaN : (x.length - 1) * gaps / (2 * weight * variation);
    }
  }
}
