package org.cellweave.neighbors;

import org.cellweave.graph.SymmetricGraph;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
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
  private static final int STEPS = 64;
  private static final double TOLERANCE = 1e-5;
  private static final double MIN_WIDTH = 1e-3;

  private FuzzyGraph() {}

  /** The connectivities of the neighbour lists. */
  public static CsrMatrix run(NearestNeighbors.Result lists) {
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
            weigh(row, mean, weights, i * k);
          }
        });
    var directed = Graphs.ofLists(lists, DType.FLOAT32, weights);
    return SymmetricGraph.of(directed, (a, b) -> a + b - a * b);
  }

  private static void weigh(float[] row, double mean, double[] weights, int at) {
    float nearest = 0;
    double rowSum = 0;
    for (float v : row) {
      rowSum += v;
      if (v > 0 && (nearest == 0 || v < nearest)) {
        nearest = v;
      }
    }
    double floor = MIN_WIDTH * (nearest > 0 ? rowSum / row.length : mean);
    float width = (float) Math.max(width(row, nearest), floor);
    for (int c = 1; c < row.length; c++) {
      float beyond = row[c] - nearest;
      weights[at + c] = beyond <= 0 || width == 0 ? 1 : (float) Math.exp(-beyond / width);
    }
  }

  /** The kernel width for which the weights sum to log2 of the number of neighbours. */
  private static double width(float[] row, float nearest) {
    double target = Math.log(row.length) / Math.log(2);
    var width = new KernelWidth(1);
    for (int step = 0; step < STEPS; step++) {
      double sum = 0;
      double tried = width.value();
      for (int c = 1; c < row.length; c++) {
        float beyond = row[c] - nearest;
        sum += beyond > 0 ? Math.exp(-beyond / tried) : 1;
      }
      if (Math.abs(sum - target) < TOLERANCE) {
        break;
      }
      if (sum > target) {
        width.lower();
      } else {
        width.raise();
      }
    }
    return width.value();
  }
}
