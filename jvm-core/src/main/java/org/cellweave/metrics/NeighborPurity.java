package org.cellweave.metrics;

import org.cellweave.design.Categories;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Parallel;

/** The share of a cell's nearest neighbours that have its label. Cost {@code n k}. */
public final class NeighborPurity {
  private static final int BLOCK = 4096;

  private NeighborPurity() {}

  /** One share per cell, their mean, and the mean per label (NaN for a label without cells). */
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
    double[] byLabel = new double[groups.sizes().length];
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      byLabel[labels[i]] += values[i];
      sum += values[i];
    }
    for (int g = 0; g < byLabel.length; g++) {
      byLabel[g] /= groups.sizes()[g];
    }
    return new Result(values, sum / values.length, byLabel);
  }
}
