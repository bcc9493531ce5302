package org.cellweave.metrics;

import org.cellweave.graph.GraphCheck;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Check;

/**
 * What a matching of two modalities is worth that names several cells with weights: the mean weight
 * of the true other half, where the weights of a cell sum to 1. 1 is best, {@code 1 / n} is chance.
 *
 * <p>The score of the competition's task of matching modalities. A cell without weights scores 0.
 * Cost: stored weights.
 *
 * @see <a href="https://proceedings.mlr.press/v176/lance22a.html">Lance et al. 2022</a>
 */
public final class MatchingScore {
  private MatchingScore() {}

  /**
   * @param weights cells of one set times those of the other, not negative
   * @param truth column that is the same cell, for every row
   */
  public static double run(CsrMatrix weights, int[] truth) {
    Check.sameLength(truth.length, weights.nRows(), "truth", "the number of rows");
    Check.positive(weights.nRows(), "the number of cells");
    GraphCheck.weights(weights);
    double sum = 0;
    for (int i = 0; i < truth.length; i++) {
      Check.index(truth[i], weights.nCols(), "truth");
      sum += ofTruth(weights.blockOf(i), i, truth[i]);
    }
    return sum / truth.length;
  }

  private static double ofTruth(CsrMatrix.Block block, int row, int truth) {
    double all = 0;
    double own = 0;
    for (int p = block.start(row); p < block.end(row); p++) {
      all += block.value(p);
      own += block.indices()[p] == truth ? block.value(p) : 0;
    }
    return all > 0 ? own / all : 0;
  }
}
