package org.cellweave.metrics;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.graph.GraphCheck;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Parallel;

/**
 * The share of a cell's nearest neighbours that have its label.
 *
 * <p>In a graph neighbours count by the weights of their edges, so that what is measured is what a
 * clustering of that graph sees; a cell without an edge has no share and enters no mean. Cost
 * {@code n k}.
 */
public final class NeighborPurity {
  private static final int BLOCK = 4096;

  private NeighborPurity() {}

  /** One share per cell, their mean, and the mean per label (NaN for a label without a share). */
  public record Result(double[] values, double mean, double[] byLabel) {}

  /**
   * @param lists neighbours, the cell itself first; it does not count
   */
  public static Result run(NearestNeighbors.Result lists, int[] labels) {
    var groups = Categories.complete("labels", labels, lists.nCells());
    int k = lists.nNeighbors();
    double[] values = new double[lists.nCells()];
    Parallel.forRange(
        values.length,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int same = 0;
            for (int c = 1; c < k; c++) {
              same += labels[lists.indices()[i * k + c]] == labels[i] ? 1 : 0;
            }
            values[i] = same / (k - 1.0);
          }
        });
    return summarised(values, labels, groups.sizes().length);
  }

  /**
   * @param graph cells times cells, weights not negative; an edge from a cell to itself does not
   *     count
   * @param labels one code per cell
   */
  public static Result run(CsrMatrix graph, int[] labels) {
    var groups = Categories.complete("labels", labels, graph.nRows());
    GraphCheck.weights(graph);
    double[] values = new double[graph.nRows()];
    Parallel.forRange(
        values.length,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            values[i] = shareOf(graph.blockOf(i), i, labels);
          }
        });
    return summarised(values, labels, groups.sizes().length);
  }

  private static double shareOf(CsrMatrix.Block block, int cell, int[] labels) {
    double same = 0;
    double all = 0;
    for (int p = block.start(cell); p < block.end(cell); p++) {
      int neighbour = block.indices()[p];
      if (neighbour != cell) {
        all += block.value(p);
        same += labels[neighbour] == labels[cell] ? block.value(p) : 0;
      }
    }
    return same / all;
  }

  private static Result summarised(double[] values, int[] labels, int nLabels) {
    double[] byLabel = new double[nLabels];
    int[] counted = new int[nLabels];
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        byLabel[labels[i]] += values[i];
        counted[labels[i]]++;
        sum += values[i];
      }
    }
    for (int g = 0; g < nLabels; g++) {
      byLabel[g] /= counted[g];
    }
    return new Result(values, sum / Arrays.stream(counted).sum(), byLabel);
  }
}
