package org.cellweave.clonal.alignment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Anchors and maps word by word as they are defined, by loops over everything. */
final class ByDefinition {
  private ByDefinition() {}

  /** Weights of the anchors of two sets of rows, by pair. */
  static Map<String, Double> anchors(
      double[][] x, int[] one, int[] other, int k, int kTrim, boolean manhattan) {
    List<double[]> mutual = new ArrayList<>();
    for (int i : one) {
      for (int j : other) {
        int there = nearest(x, i, other, k, manhattan).indexOf(j);
        int back = nearest(x, j, one, k, manhattan).indexOf(i);
        if (there >= 0 && back >= 0) {
          mutual.add(new double[] {i, j, there + back, distance(x[i], x[j], manhattan)});
        }
      }
    }
    var kept = new TreeMap<String, Double>();
    for (int end = 0; end < 2; end++) {
      for (int clone : end == 0 ? one : other) {
        int side = end;
        mutual.stream()
            .filter(pair -> pair[side] == clone)
            .sorted(
                Comparator.<double[]>comparingDouble(pair -> pair[2])
                    .thenComparingDouble(pair -> pair[3])
                    .thenComparingDouble(pair -> pair[1 - side]))
            .limit(kTrim)
            .forEach(
                pair ->
                    kept.put(
                        name((int) pair[0], (int) pair[1]),
                        k == 1 ? 1 : 1 - pair[2] / (2.0 * (k - 1))));
      }
    }
    return kept;
  }

  static String name(int i, int j) {
    return Math.min(i, j) + "-" + Math.max(i, j);
  }

  private static List<Integer> nearest(double[][] x, int i, int[] among, int k, boolean manhattan) {
    return IntStream.of(among)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(j -> distance(x[i], x[j], manhattan))
                .thenComparingInt(j -> j))
        .limit(k)
        .toList();
  }

  private static double distance(double[] a, double[] b, boolean manhattan) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      double difference = Math.abs(a[j] - b[j]);
      sum += manhattan ? difference : difference * difference;
    }
    return manhattan ? sum : Math.sqrt(sum);
  }

  /** Rows {@code a} brought to {@code b} by the normal equations; d + 1 rows, translation last. */
  static double[][] leastSquares(double[][] a, double[][] b, double[] w) {
    int d = a[0].length;
    double[][] system = new double[d + 1][2 * d + 1];
    for (int p = 0; p < a.length; p++) {
      for (int i = 0; i <= d; i++) {
        double left = i < d ? a[p][i] : 1;
        for (int j = 0; j <= d; j++) {
          system[i][j] += w[p] * left * (j < d ? a[p][j] : 1);
        }
        for (int j = 0; j < d; j++) {
          system[i][d + 1 + j] += w[p] * left * b[p][j];
        }
      }
    }
    eliminate(system);
    double[][] out = new double[d + 1][d];
    for (int i = 0; i <= d; i++) {
      System.arraycopy(system[i], d + 1, out[i], 0, d);
    }
    return out;
  }

  private static void eliminate(double[][] system) {
    for (int c = 0; c < system.length; c++) {
      int pivot = c;
      for (int r = c + 1; r < system.length; r++) {
        pivot = Math.abs(system[r][c]) > Math.abs(system[pivot][c]) ? r : pivot;
      }
      double[] row = system[pivot];
      system[pivot] = system[c];
      system[c] = row;
      double first = row[c];
      for (int j = 0; j < row.length; j++) {
        row[j] /= first;
      }
      for (int r = 0; r < system.length; r++) {
        double factor = r == c ? 0 : system[r][c];
        for (int j = 0; j < row.length; j++) {
          system[r][j] -= factor * row[j];
        }
      }
    }
  }
}
