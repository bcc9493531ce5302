package org.cellweave.integrate.scanorama;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.Metric;

/** The method as the paper and the original's documentation tell it, cell by cell. */
final class NaiveScanorama {
  private final double[][] x;
  private final double[][] unit;
  private final int[][] members;
  private final Scanorama.Params params;
  private final List<List<Integer>> panoramas = new ArrayList<>();

  NaiveScanorama(DenseMatrix of, Categories batch, Scanorama.Params params) {
    this.params = params;
    this.members = batch.members();
    this.x = new double[of.nRows()][of.nCols()];
    this.unit = new double[of.nRows()][of.nCols()];
    for (int i = 0; i < x.length; i++) {
      of.readRow(i, x[i]);
      double length = Math.sqrt(Arrays.stream(x[i]).map(v -> v * v).sum());
      int row = i;
      Arrays.setAll(unit[i], j -> (float) (x[row][j] / length));
    }
  }

  private int[] nearest(int cell, List<Integer> among) {
    return among.stream()
        .sorted(Comparator.comparingDouble(c -> apart(unit[cell], unit[c])))
        .limit(params.knn())
        .mapToInt(c -> c)
        .toArray();
  }

  private double apart(double[] a, double[] b) {
    return IntStream.range(0, a.length)
        .mapToDouble(
            j ->
                params.metric() == Metric.MANHATTAN
                    ? Math.abs(a[j] - b[j])
                    : (a[j] - b[j]) * (a[j] - b[j]))
        .sum();
  }

  private List<Integer> cells(int from, int to) {
    List<Integer> out = new ArrayList<>();
    for (int b = from; b < to; b++) {
      Arrays.stream(members[b]).forEach(out::add);
    }
    return out;
  }

  double[][] run() {
    int nb = members.length;
    Map<Integer, int[]> earlier = new HashMap<>();
    Map<Integer, int[]> later = new HashMap<>();
    for (int b = 0; b < nb; b++) {
      for (int cell : members[b]) {
        earlier.put(cell, nearest(cell, cells(0, b)));
        later.put(cell, nearest(cell, cells(b + 1, nb)));
      }
    }
    Map<List<Integer>, List<int[]>> pairs = new HashMap<>();
    Map<List<Integer>, Double> scores = new HashMap<>();
    List<List<Integer>> all = new ArrayList<>();
    for (int i = 0; i < nb; i++) {
      for (int j = i + 1; j < nb; j++) {
        List<int[]> found = new ArrayList<>();
        for (int a : members[i]) {
          for (int b : members[j]) {
            if (has(later.get(a), b) && has(earlier.get(b), a)) {
              found.add(new int[] {a, b});
            }
          }
        }
        var key = List.of(i, j);
        pairs.put(key, found);
        scores.put(key, Math.max(share(found, 0, members[i]), share(found, 1, members[j])));
        all.add(key);
      }
    }
    all.sort(Comparator.comparingDouble(scores::get));
    int[] uses = new int[nb];
    for (int p = all.size() - 1; p >= 0; p--) {
      if (scores.get(all.get(p)) > params.alpha()) {
        int i = all.get(p).get(0);
        int j = all.get(p).get(1);
        uses[i]++;
        uses[j]++;
        if (uses[i] <= 3 || uses[j] <= 3) {
          join(i, j, pairs);
        }
      }
    }
    return x;
  }

  private static boolean has(int[] list, int cell) {
    return Arrays.stream(list).anyMatch(c -> c == cell);
  }

  private static double share(List<int[]> pairs, int side, int[] cells) {
    return pairs.stream().map(p -> p[side]).distinct().count() / (double) cells.length;
  }

  private void join(int i, int j, Map<List<Integer>, List<int[]>> pairs) {
    var pi = panoramas.stream().filter(p -> p.contains(i)).findFirst().orElse(null);
    var pj = panoramas.stream().filter(p -> p.contains(j)).findFirst().orElse(null);
    if (pi == null && pj == null) {
      int stays = members[i].length < members[j].length ? j : i;
      pi = new ArrayList<>(List.of(stays));
      panoramas.add(pi);
      map(i + j - stays, pi, pairs);
    } else if (pi == null) {
      map(i, pj, pairs);
    } else if (pj == null) {
      map(j, pi, pairs);
    } else {
      List<int[]> used = new ArrayList<>(oriented(i, j, pairs));
      move(pi, used);
      if (pi != pj) {
        pi.addAll(pj);
        panoramas.remove(pj);
      }
    }
  }

  private void map(int b, List<Integer> onto, Map<List<Integer>, List<int[]>> pairs) {
    List<int[]> used = new ArrayList<>();
    for (int p : onto) {
      used.addAll(oriented(b, p, pairs));
    }
    move(List.of(b), used);
    onto.add(b);
  }

  private static List<int[]> oriented(int own, int other, Map<List<Integer>, List<int[]>> pairs) {
    return own < other
        ? pairs.get(List.of(own, other))
        : pairs.get(List.of(other, own)).stream().map(p -> new int[] {p[1], p[0]}).toList();
  }

  private void move(List<Integer> batches, List<int[]> pairs) {
    double[][] shifted = new double[x.length][];
    for (int b : batches) {
      for (int cell : members[b]) {
        double[] sum = new double[x[cell].length];
        double total = 0;
        for (int[] pair : pairs) {
          double[] target = x[pair[0]];
          double squares = 0;
          for (int j = 0; j < sum.length; j++) {
            squares += (x[cell][j] - target[j]) * (x[cell][j] - target[j]);
          }
          double weight = Math.exp(-params.sigma() / 2 * squares);
          total += weight;
          for (int j = 0; j < sum.length; j++) {
            sum[j] += weight * (x[pair[1]][j] - target[j]);
          }
        }
        double all = total == 0 ? 1 : total;
        shifted[cell] = new double[sum.length];
        for (int j = 0; j < sum.length; j++) {
          shifted[cell][j] = x[cell][j] + sum[j] / all;
        }
      }
    }
    for (int cell = 0; cell < x.length; cell++) {
      if (shifted[cell] != null) {
        x[cell] = shifted[cell];
      }
    }
  }
}
