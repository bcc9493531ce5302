package org.cellweave.neighbors;

import java.util.Arrays;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.util.Parallel;

/**
 * The Gaussian graph of diffusion maps: each cell's squared width is the median of its squared
 * neighbour distances, and an edge's weight joins the widths of both ends.
 *
 * <p>Result: symmetric float64 over the pairs where either cell lists the other, without a
 * diagonal. Cost {@code n k}. The dense kernel over all pairs, scanpy's {@code knn=False}, is not
 * offered. Pairs of cells of width zero, which have many duplicates, get weight one at distance
 * zero and otherwise none, where scanpy has NaN.
 *
 * <p>Haghverdi et al. 2016, doi:10.1038/nmeth.3971; matched with scanpy 1.11.5.
 */
public final class GaussGraph {
  private static final int BLOCK = 1024;

  private GaussGraph() {}

  /**
   * The connectivities of the neighbour lists.
   *
   * @param knn must be true
   * @throws IllegalArgumentException when {@code knn} is false
   */
  public static CsrMatrix run(NearestNeighbors.Result lists, boolean knn) {
    if (!knn) {
      throw new IllegalArgumentException(
          "method gauss with knn = false, the dense kernel over all pairs of cells, is not"
              + " supported. Use knn = true, with a larger nNeighbors if need be.");
    }
    return run(lists);
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
    return Graphs.symmetric(directed, Math::max);
  }

  private static double weight(double distance, double a2, double b2) {
    double sum = a2 + b2;
    if (sum == 0) {
      return distance == 0 ? 1 : 0;
    }
    return Math.sqrt(2 * Math.sqrt(a2 * b2) / sum) * Math.exp(-distance * distance / sum);
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
