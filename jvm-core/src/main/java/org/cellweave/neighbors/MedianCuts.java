package org.cellweave.neighbors;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.internal.Ordering;

/**
 * Halves lists that are too long, at the median along the line between two members that lie far
 * apart; so duplicates, too, come into lists of bounded length.
 */
final class MedianCuts {
  private final PointSet points;
  private final int[] order;
  private final int most;
  private final List<Integer> starts = new ArrayList<>();

  /**
   * @param order rows list after list; what is cut is put into another order
   * @param most members of a list
   */
  MedianCuts(PointSet points, int[] order, int most) {
    this.points = points;
    this.order = order;
    this.most = most;
  }

  /** Where the lists begin that become of one; the first where it began. */
  List<Integer> of(int from, int to) {
    starts.clear();
    cut(from, to);
    return starts;
  }

  private void cut(int from, int to) {
    if (to - from <= most) {
      starts.add(from);
      return;
    }
    double[] first = row(order[from]);
    double[] second = row(farthest(from, to, first));
    first = row(farthest(from, to, second));
    double[] along = new double[to - from];
    double[] row = new double[points.d];
    for (int p = from; p < to; p++) {
      points.read(order[p], row);
      for (int j = 0; j < row.length; j++) {
        along[p - from] += row[j] * (second[j] - first[j]);
      }
    }
    int[] members = java.util.Arrays.copyOfRange(order, from, to);
    int[] places = Ordering.ascending(along);
    for (int p = 0; p < places.length; p++) {
      order[from + p] = members[places[p]];
    }
    int middle = (from + to) >>> 1;
    java.util.Arrays.sort(order, from, middle);
    java.util.Arrays.sort(order, middle, to);
    cut(from, middle);
    cut(middle, to);
  }

  private double[] row(int i) {
    double[] out = new double[points.d];
    points.read(i, out);
    return out;
  }

  private int farthest(int from, int to, double[] at) {
    double[] row = new double[points.d];
    int best = order[from];
    double distance = -1;
    for (int p = from; p < to; p++) {
      points.read(order[p], row);
      double gap = Ball.gap(points.metric, at, row);
      if (gap > distance) {
        distance = gap;
        best = order[p];
      }
    }
    return best;
  }
}
