package org.cellweave.integrate.pivots;

import java.util.Arrays;
import org.cellweave.integrate.pivots.PivotMatching.Matches;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.Metric;
import org.cellweave.util.Progress;

/**
 * Pairs of cells of matched metacells: of each two that are matched as many as the smaller one has
 * cells, the best that one to one can be in the joint space.
 *
 * @param matches of metacells
 * @param pairs of cells, in the order of the metacells
 * @param start pairs of match m are at {@code start[m] <= p < start[m + 1]}
 */
record PivotCells(Matches matches, Matches pairs, int[] start) {
  /** No cosine costs so much, so that no cell of the smaller one stays alone. */
  private static final double ALONE = 4;

  static PivotCells of(
      Matches matches, Metacells groupsX, Metacells groupsY, DenseMatrix x, DenseMatrix y) {
    int[] start = new int[matches.size() + 1];
    for (int m = 0; m < matches.size(); m++) {
      int ofX = groupsX.members()[matches.x()[m]].length;
      int ofY = groupsY.members()[matches.y()[m]].length;
      start[m + 1] = start[m] + Math.min(ofX, ofY);
    }
    int[] first = new int[start[matches.size()]];
    int[] second = new int[first.length];
    double[] scores = new double[first.length];
    for (int m = 0; m < matches.size(); m++) {
      int[] a = groupsX.members()[matches.x()[m]];
      int[] b = groupsY.members()[matches.y()[m]];
      boolean swap = a.length > b.length;
      int[] found = swap ? assigned(y, b, x, a) : assigned(x, a, y, b);
      for (int r = 0; r < found.length; r++) {
        first[start[m] + r] = swap ? a[found[r]] : a[r];
        second[start[m] + r] = swap ? b[r] : b[found[r]];
        scores[start[m] + r] = matches.scores()[m];
      }
    }
    return new PivotCells(matches, new Matches(first, second, scores), start);
  }

  private static int[] assigned(DenseMatrix x, int[] rows, DenseMatrix y, int[] columns) {
    if (columns.length == 1) {
      return new int[1];
    }
    int k = columns.length;
    int[] start = new int[rows.length + 1];
    int[] all = new int[rows.length * k];
    double[] costs = new double[all.length];
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < k; c++) {
        all[r * k + c] = c;
        costs[r * k + c] = 1 - UnitRows.product(x, rows[r], y, columns[c]);
      }
      start[r + 1] = (r + 1) * k;
    }
    return SparseAssignment.run(k, start, all, costs, ALONE);
  }

  /**
   * For every cell the partner of the pivot that is nearest in its own modality, among those of the
   * nearest metacell with pivots.
   *
   * @param second whether the cells are those of the second modality
   */
  int[] partners(DenseMatrix cells, Metacells groups, DenseMatrix means, boolean second) {
    int[] metacells = second ? matches.y() : matches.x();
    int[] own = second ? pairs.y() : pairs.x();
    int[] others = second ? pairs.x() : pairs.y();
    int[] nearest =
        CrossNeighbors.run(means.takeRows(metacells), means, 1, Metric.EUCLIDEAN, Progress.NONE)
            .indices();
    int[] out = new int[cells.nRows()];
    Arrays.setAll(
        out,
        i -> {
          int m = nearest[groups.group()[i]];
          int best = start[m];
          for (int p = best + 1; p < start[m + 1]; p++) {
            best = squared(cells, i, own[p]) < squared(cells, i, own[best]) ? p : best;
          }
          return others[best];
        });
    return out;
  }

  private static double squared(DenseMatrix x, int i, int j) {
    double sum = 0;
    for (int c = 0; c < x.nCols(); c++) {
      double gap = x.get(i, c) - x.get(j, c);
      sum += gap * gap;
    }
    return sum;
  }
}
