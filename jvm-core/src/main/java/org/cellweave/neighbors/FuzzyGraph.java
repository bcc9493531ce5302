package org.cellweave.neighbors;

import org.cellweave.graph.SymmetricGraph;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * UMAP's graph: each cell's neighbours weighted by a kernel of its own width, both directions
 * joined as a fuzzy union.
 *
 * <p>Result: symmetric float32, without a diagonal; a cell's nearest neighbour has weight one. Cost
 * {@code n k}. Duplicates of a cell count as neighbours of weight one and do not set its nearest
 * non-zero distance.
 *
 * <p>McInnes, Healy and Melville 2018, arXiv:1802.03426; matched with umap-learn as scanpy 1.11.5
 * calls it.
 */
public final class FuzzyGraph {
  private static final int BLOCK = 1024;
  private static final double TOLERANCE = 1e-5;
  private static final double MIN_WIDTH = 1e-3;

  private FuzzyGraph() {}

  /**
   * What UMAP leaves open; scanpy's neighbors take the defaults.
   *
   * @param setOpMixRatio 1 joins the two directions of an edge as a union, 0 as an intersection
   * @param localConnectivity number of neighbours at a distance above zero whose weight is one;
   *     between two whole numbers the distance is interpolated
   */
  public record Params(double setOpMixRatio, double localConnectivity) {
    public static final Params DEFAULTS = new Params(1, 1);

    public Params {
      Check.inRange(setOpMixRatio, 0, 1, "setOpMixRatio");
      Check.nonNegative(localConnectivity, "localConnectivity");
    }
  }

  /** The connectivities of the neighbour lists. */
  public static CsrMatrix run(NearestNeighbors.Result lists) {
    return run(lists, Params.DEFAULTS);
  }

  /** The connectivities of the neighbour lists. */
  public static CsrMatrix run(NearestNeighbors.Result lists, Params params) {
    int n = lists.nCells();
    int k = lists.nNeighbors();
    double[] distances = lists.distances();
    double[] weights = new double[distances.length];
    double total =
        Parallel.sum(
            n * k,
            BLOCK * k,
            (from, to) -> {
              double sum = 0;
              for (int p = from; p < to; p++) {
                sum += (float) distances[p];
              }
              return sum;
            });
    double mean = total / distances.length;
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          float[] row = new float[k];
          for (int i = from; i < to; i++) {
            for (int c = 0; c < k; c++) {
              row[c] = (float) distances[i * k + c];
            }
            weigh(row, mean, params.localConnectivity(), weights, i * k);
          }
        });
    var directed = Graphs.ofLists(lists, DType.FLOAT32, weights);
    double mix = params.setOpMixRatio();
    return SymmetricGraph.of(directed, (a, b) -> mix * (a + b - a * b) + (1 - mix) * a * b);
  }

  private static void weigh(
      float[] row, double mean, double localConnectivity, double[] weights, int at) {
    double rowSum = 0;
    for (float v : row) {
      rowSum += v;
    }
    float nearest = nearest(row, localConnectivity);
    double floor = MIN_WIDTH * (nearest > 0 ? rowSum / row.length : mean);
    double[] beyond = new double[row.length];
    for (int c = 0; c < row.length; c++) {
      beyond[c] = row[c] - nearest;
    }
    float width = (float) Math.max(KernelWidth.ofNeighbors(beyond), floor);
    for (int c = 1; c < row.length; c++) {
      float gap = (float) beyond[c];
      weights[at + c] = gap <= 0 || width == 0 ? 1 : (float) Elementary.exp(-gap / width);
    }
  }

  /** The distance up to which neighbours have weight one. */
  private static float nearest(float[] row, double localConnectivity) {
    int zeros = 0;
    while (zeros < row.length && !(row[zeros] > 0)) {
      zeros++;
    }
    if (row.length - zeros < localConnectivity) {
      return zeros < row.length ? row[row.length - 1] : 0;
    }
    int whole = (int) localConnectivity;
    double part = localConnectivity - whole;
    float below = whole == 0 ? 0 : row[zeros + whole - 1];
    return part > TOLERANCE ? (float) (below + part * (row[zeros + whole] - below)) : below;
  }
}
