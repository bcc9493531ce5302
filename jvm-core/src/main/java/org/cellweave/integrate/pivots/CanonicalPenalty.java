package org.cellweave.integrate.pivots;

import java.util.stream.IntStream;
import org.cellweave.linalg.MatrixProduct;
import org.cellweave.matrix.DenseMatrix;

/**
 * The penalty on canonical directions with which pairs that were left out find each other best:
 * every fifth pair is placed by directions of the others, and the share of other cells that lie
 * nearer than the partner is counted both ways. No label has a say, nothing is drawn.
 *
 * <p>With it all components can be given: those that say nothing of the other modality get no
 * weight, which a number of components decides by a guess.
 *
 * @see <a href="https://doi.org/10.1016/0304-4076(76)90010-5">Vinod 1976, canonical ridge</a>
 */
final class CanonicalPenalty {
  private static final int FOLDS = 5;

  /** Pairs of a fold that are compared, at most. */
  private static final int MOST = 500;

  /** In units of the mean variance along a component. */
  private static final double[] GRID = {0.01, 0.03, 0.1, 0.3, 1, 3, 10};

  /** Where there are too few pairs to leave some out. */
  private static final double FEW_PAIRS = 1;

  private CanonicalPenalty() {}

  static double of(DenseMatrix x, DenseMatrix y, PivotMatching.Matches pairs, int wanted) {
    if (pairs.size() < 4 * FOLDS) {
      return FEW_PAIRS;
    }
    double[] nearer = new double[GRID.length];
    for (int fold = 0; fold < FOLDS; fold++) {
      int f = fold;
      int[] kept = IntStream.range(0, pairs.size()).filter(p -> p % FOLDS != f).toArray();
      var moments =
          PairedMoments.of(
              x, y, PivotMatching.taken(pairs.x(), kept), PivotMatching.taken(pairs.y(), kept));
      int[] all = IntStream.range(0, pairs.size()).filter(p -> p % FOLDS == f).toArray();
      int step = (all.length + MOST - 1) / MOST;
      int[] out = IntStream.range(0, all.length / step).map(p -> all[p * step]).toArray();
      DenseMatrix leftX = x.takeRows(PivotMatching.taken(pairs.x(), out));
      DenseMatrix leftY = y.takeRows(PivotMatching.taken(pairs.y(), out));
      for (int g = 0; g < GRID.length; g++) {
        var map = moments.map(GRID[g], wanted);
        nearer[g] += nearer(map.placesOfX(leftX), map.placesOfY(leftY)) / FOLDS;
      }
    }
    int best = 0;
    for (int g = 1; g < GRID.length; g++) {
      // of equal ones the larger penalty
      best = nearer[g] <= nearer[best] ? g : best;
    }
    return GRID[best];
  }

  /** Share of pairs' others that are more alike than the partner. */
  private static double nearer(DenseMatrix x, DenseMatrix y) {
    DenseMatrix columns = UnitRows.of(y, false);
    double[][] cosines = MatrixProduct.of(rows(UnitRows.of(x, false)), rows(columns.transpose()));
    int n = cosines.length;
    long count = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        count += cosines[i][j] > cosines[i][i] ? 1 : 0;
        count += cosines[i][j] > cosines[j][j] ? 1 : 0;
      }
    }
    return count / (2.0 * n * n);
  }

  private static double[][] rows(DenseMatrix x) {
    double[][] out = new double[x.nRows()][x.nCols()];
    for (int i = 0; i < out.length; i++) {
      x.readRow(i, out[i]);
    }
    return out;
  }
}
