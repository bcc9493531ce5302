package org.cellweave.trajectory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.internal.Ordering;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Splits cells into segments at branching points, one after another: three tips span a segment, and
 * what lies nearer to one tip than the point where the distances to the other two become
 * anticorrelated is a branch of its own; the cells between are undecided.
 */
final class Branching {
  private static final double NEARLY_ALL = 0.95;

  private final DiffusionDistances distances;
  private final int root;
  private final DiffusionPseudotime.Params params;
  private final double minGroupSize;

  final List<int[]> segments = new ArrayList<>();
  final List<int[]> tips = new ArrayList<>();
  private final List<Boolean> undecided = new ArrayList<>();

  Branching(DiffusionDistances distances, int root, DiffusionPseudotime.Params params) {
    this.distances = distances;
    this.root = root;
    this.params = params;
    double least = params.minGroupSize();
    this.minGroupSize = least >= 1 ? least : Math.floor(least * distances.n);
  }

  /** A segment and the places of three tips in it. */
  private record Choice(int segment, int[] tips) {}

  void run(Progress progress) {
    int[] all = new int[distances.n];
    Arrays.setAll(all, i -> i);
    int first = farthest(distances.from(root));
    segments.add(all);
    tips.add(new int[] {first, farthest(distances.from(first))});
    undecided.add(true);
    for (int b = 0; b < params.nBranchings(); b++) {
      Parallel.checkInterrupted();
      var choice = choose();
      if (choice == null || !split(choice)) {
        return;
      }
      progress.step("dpt", b + 1, params.nBranchings(), Double.NaN);
    }
  }

  private static int farthest(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private static int nearest(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] < values[best]) {
        best = i;
      }
    }
    return best;
  }

  /** The segment whose third tip is farthest off the way between the first two; null for none. */
  private Choice choose() {
    Choice best = null;
    double bestScore = 0;
    for (int s = 0; s < segments.size(); s++) {
      int[] cells = segments.get(s);
      if (cells.length <= minGroupSize || cells.length < KendallSplit.SHORTEST) {
        continue;
      }
      int[] at = {place(cells, tips.get(s)[0]), place(cells, tips.get(s)[1]), -1};
      if (at[0] == at[1]) {
        continue;
      }
      double[] first = distances.from(cells[at[0]], cells);
      double[] added = sum(first, distances.from(cells[at[1]], cells));
      int third = farthest(added);
      if (undecided.get(s) && connectsElsewhere(s)) {
        double[] withThird = sum(added, distances.from(cells[third], cells));
        int fourth = farthest(withThird);
        if (fourth != at[0] && fourth != third) {
          at[1] = fourth;
          added = difference(withThird, distances.from(cells[fourth], cells));
        }
      }
      at[2] = third;
      double score = added[third] / first[at[1]];
      if (score > bestScore) {
        bestScore = score;
        best = new Choice(s, at);
      }
    }
    return best;
  }

  /** Whether one of the segment's tips lies next to the inner tip of another segment. */
  private boolean connectsElsewhere(int s) {
    int[] own = tips.get(s);
    for (int other = 0; other < segments.size(); other++) {
      for (int t = 0; t < 2 && other != s; t++) {
        double half = 0.5 * distances.between(own[1 - t], own[t]);
        if (distances.between(tips.get(other)[1], own[t]) < half) {
          return true;
        }
      }
    }
    return false;
  }

  /** Where the tip of a segment stands in it; of one that two branches claim, the nearest cell. */
  private int place(int[] cells, int tip) {
    for (int k = 0; k < cells.length; k++) {
      if (cells[k] == tip) {
        return k;
      }
    }
    return nearest(distances.from(tip, cells));
  }

  private static double[] sum(double[] a, double[] b) {
    double[] out = new double[a.length];
    Arrays.setAll(out, i -> a[i] + b[i]);
    return out;
  }

  private static double[] difference(double[] a, double[] b) {
    double[] out = new double[a.length];
    Arrays.setAll(out, i -> a[i] - b[i]);
    return out;
  }

  /** Returns whether each tip got cells of its own. */
  private boolean split(Choice choice) {
    int[] cells = segments.get(choice.segment());
    int[] corner = new int[3];
    double[][] away = new double[3][];
    for (int t = 0; t < 3; t++) {
      corner[t] = cells[choice.tips()[t]];
      away[t] = distances.from(corner[t], cells);
    }
    int[] claims = new int[cells.length];
    int[] owner = new int[cells.length];
    for (int t = 0; t < 3; t++) {
      for (int k : branch(away[t], away[(t + 1) % 3], away[(t + 2) % 3])) {
        claims[k]++;
        owner[k] = t;
      }
    }
    int[][] parts = new int[3][];
    int[][] partTips = new int[3][];
    for (int t = 0; t < 3; t++) {
      parts[t] = members(cells, claims, owner, t);
      if (parts[t].length == 0) {
        return false;
      }
      int second = parts[t][farthest(distances.from(corner[t], parts[t]))];
      partTips[t] = new int[] {corner[t], second};
    }
    int[] between = members(cells, claims, owner, -1);
    replace(choice.segment(), parts, partTips, between);
    return true;
  }

  private static int[] members(int[] cells, int[] claims, int[] owner, int part) {
    int[] out = new int[cells.length];
    int n = 0;
    for (int k = 0; k < cells.length; k++) {
      boolean mine = part < 0 ? claims[k] > 1 : claims[k] == 1 && owner[k] == part;
      if (mine) {
        out[n++] = cells[k];
      }
    }
    return Arrays.copyOf(out, n);
  }

  /** Places nearer to the first tip than the branching point. */
  private int[] branch(double[] first, double[] second, double[] third) {
    int[] order = Ordering.ascending(first);
    double[] a = new double[order.length];
    double[] b = new double[order.length];
    for (int k = 0; k < order.length; k++) {
      a[k] = second[order[k]];
      b[k] = third[order[k]];
    }
    int at = KendallSplit.of(a, b);
    boolean shift = params.allowKendallTauShift() && at > NEARLY_ALL * order.length;
    return Arrays.copyOf(order, shift ? (int) (NEARLY_ALL * at) : at + 1);
  }

  private void replace(int segment, int[][] parts, int[][] partTips, int[] between) {
    int trunk = 3;
    if (between.length == 0) {
      trunk = trunk(parts, partTips);
      segments.set(segment, parts[trunk]);
      tips.set(segment, partTips[trunk]);
    } else {
      int start = between[farthest(distances.from(between[0], between))];
      int end = between[farthest(distances.from(start, between))];
      segments.set(segment, between);
      tips.set(segment, new int[] {start, end});
      undecided.set(segment, true);
    }
    for (int t = 0; t < 3; t++) {
      if (t != trunk) {
        segments.add(parts[t]);
        tips.add(partTips[t]);
        undecided.add(false);
      }
    }
  }

  /** The part that lies nearest to the two others. */
  private int trunk(int[][] parts, int[][] partTips) {
    int[][] closest = new int[3][3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        closest[i][j] = parts[j][nearest(distances.from(partTips[i][0], parts[j]))];
      }
    }
    double[] added = new double[3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        added[i] += i == j ? 0 : distances.between(closest[i][j], closest[j][i]);
      }
    }
    return nearest(added);
  }
}
