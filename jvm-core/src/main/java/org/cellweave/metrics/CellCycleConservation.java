package org.cellweave.metrics;

import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.ShapeMismatchException;

/**
 * How well an integration keeps the variance that the cell cycle explains: per batch {@code 1 -
 * |after - before| / before}, at least 0; then the mean over batches.
 *
 * @see <a href="https://doi.org/10.1038/s41592-021-01336-8">Luecken et al. 2022</a>
 */
public final class CellCycleConservation {
  private CellCycleConservation() {}

  /**
   * @param before embedding of each cell before, {@code after} after the integration
   * @param scores S and G2M score of every cell, one array each
   * @param names of the batches, for messages
   * @throws IllegalArgumentException when the scores explain nothing in a batch before
   */
  public static double of(
      DenseMatrix before, DenseMatrix after, double[][] scores, int[] batches, List<String> names) {
    if (before.nRows() != after.nRows()) {
      throw new ShapeMismatchException(
          "before has " + before.nRows() + " rows, but after has " + after.nRows());
    }
    int[][] members = Categories.complete("batches", batches, before.nRows()).members();
    double sum = 0;
    int counted = 0;
    for (int b = 0; b < members.length; b++) {
      if (members[b].length > 0) {
        double[][] own = take(scores, members[b]);
        double was = VarianceExplained.byCovariates(before.takeRows(members[b]), own);
        double is = VarianceExplained.byCovariates(after.takeRows(members[b]), own);
        if (was == 0) {
          throw new IllegalArgumentException(
              "the cell cycle scores explain nothing in batch '"
                  + names.get(b)
                  + "' before the integration");
        }
        sum += Math.max(0, 1 - Math.abs(is - was) / was);
        counted++;
      }
    }
    return sum / counted;
  }

  private static double[][] take(double[][] scores, int[] cells) {
    double[][] out = new double[scores.length][];
    for (int s = 0; s < scores.length; s++) {
      double[] all = scores[s];
      out[s] = Arrays.stream(cells).mapToDouble(i -> all[i]).toArray();
    }
    return out;
  }
}
