package org.cellweave.neighbors;

import java.util.Arrays;
import org.cellweave.graph.SymmetricGraph;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * The Gaussian graph of diffusion maps: each cell's squared width is the median of its squared
 * neighbour distances, and an edge's weight joins the widths of both ends.
 *
 * <p>Result: symmetric float64 over the pairs where either cell lists the other, without a
 * diagonal. Cost {@code n k}. The kernel over all pairs, scanpy's {@code knn=False}, is dense, has
 * a diagonal of one and drops weights up to 1e-14; its cost is {@code n^2 d}, its memory 16 bytes
 * for each pair. Pairs of cells of width zero, which have many duplicates, get weight one at
 * distance zero and otherwise none, where scanpy has NaN.
 *
 * <p>Haghverdi et al. 2016, doi:10.1038/nmeth.3971; matched with scanpy 1.11.5.
 */
public final class GaussGraph {
  /** The largest number of cells for {@link #dense}: 4 GiB for its two matrices. */
  public static final int DENSE_CELLS = 16_384;

  private static final int BLOCK = 1024;
  private static final int DENSE_BLOCK = 16;
  private static final double NEGLIGIBLE = 1e-14;

  private GaussGraph() {}

  /**
   * The kernel over all pairs of cells.
   *
   * @param distances cells by cells, float64
   * @param connectivities cells by cells, float64
   */
  public record Dense(DenseMatrix distances, DenseMatrix connectivities) {}

  /**
   * Weighs all pairs of cells; a cell's width is half the distance to its last neighbour.
   *
   * @param x cells in rows
   * @param nNeighbors counts the cell itself
   * @throws IllegalArgumentException above {@link #DENSE_CELLS} cells
   */
  public static Dense dense(Matrix x, Metric metric, int nNeighbors) {
    return dense(x, metric, MetricArguments.NONE, nNeighbors);
  }

  /**
   * As {@link #dense(Matrix, Metric, int)}.
   *
   * @param arguments of the metric
   */
  public static Dense dense(Matrix x, Metric metric, MetricArguments arguments, int nNeighbors) {
    int n = x.nRows();
    if (n > DENSE_CELLS) {
      throw new IllegalArgumentException(
          "knn = false weighs all pairs of cells, which needs 16 bytes for each pair; it is limited"
              + " to "
              + DENSE_CELLS
              + " cells, got "
              + n
              + ". Use knn = true, with a larger nNeighbors if need be, or subset first.");
    }
    if (nNeighbors < 2 || nNeighbors > n) {
      throw new IllegalArgumentException(
          "nNeighbors must lie in [2, " + n + "], the number of cells, got " + nNeighbors);
    }
    var points = PointSet.of(x, metric, arguments, "x");
    var distances = DenseMatrix.zeros(n, n, DType.FLOAT64);
    double[] width2 = new double[n];
    Parallel.forRange(
        n,
        DENSE_BLOCK,
        (from, to) -> allDistances(points, from, to, nNeighbors, distances, width2));
    var weights = DenseMatrix.zeros(n, n, DType.FLOAT64);
    Parallel.forRange(
        n,
        DENSE_BLOCK,
        (from, to) -> {
          double[] row = new double[n];
          for (int i = from; i < to; i++) {
            distances.readRow(i, row);
            for (int j = 0; j < n; j++) {
              double w = weight(row[j], width2[i], width2[j]);
              row[j] = w > NEGLIGIBLE ? w : 0;
            }
            weights.setRow(i, row);
          }
        });
    return new Dense(distances, weights);
  }

  private static void allDistances(
      PointSet points, int from, int to, int nNeighbors, DenseMatrix distances, double[] width2) {
    int n = points.n;
    double[][] own = new double[to - from][points.d];
    double[][] rows = new double[to - from][n];
    for (int i = from; i < to; i++) {
      points.readForDistance(i, own[i - from]);
    }
    double[] other = new double[points.d];
    for (int j = 0; j < n; j++) {
      points.readForDistance(j, other);
      for (int q = 0; q < own.length; q++) {
        rows[q][j] = j == from + q ? 0 : points.distance(own[q], other, j);
      }
    }
    for (int q = 0; q < own.length; q++) {
      for (int j = 0; j < n; j++) {
        NearestNeighbors.checkDistance(from + q, j, rows[q][j], n);
      }
      distances.setRow(from + q, rows[q]);
      Arrays.sort(rows[q]);
      double last = rows[q][nNeighbors - 1];
      width2[from + q] = last * last / 4;
    }
  }

  /** The connectivities of the neighbour lists. */
  public static CsrMatrix run(NearestNeighbors.Result lists) {
    int n = lists.nCells();
    int k = lists.nNeighbors();
    double[] distances = lists.distances();
    double[] width2 = new double[n];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            width2[i] = medianOfSquares(distances, i * k + 1, (i + 1) * k);
          }
        });
    double[] weights = new double[distances.length];
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            for (int p = i * k + 1; p < (i + 1) * k; p++) {
              weights[p] = weight(distances[p], width2[i], width2[lists.indices()[p]]);
            }
          }
        });
    var directed = Graphs.ofLists(lists, DType.FLOAT64, weights);
    return SymmetricGraph.of(directed, Math::max);
  }

  private static double weight(double distance, double a2, double b2) {
    double sum = a2 + b2;
    if (sum == 0) {
      return distance == 0 ? 1 : 0;
    }
    return Math.sqrt(2 * Math.sqrt(a2 * b2) / sum) * Elementary.exp(-distance * distance / sum);
  }

  private static double medianOfSquares(double[] distances, int from, int to) {
    double[] squares = Arrays.copyOfRange(distances, from, to);
    for (int c = 0; c < squares.length; c++) {
      squares[c] *= squares[c];
    }
    Arrays.sort(squares);
    int half = squares.length / 2;
    return squares.length % 2 == 1 ? squares[half] : (squares[half - 1] + squares[half]) / 2;
  }
}
