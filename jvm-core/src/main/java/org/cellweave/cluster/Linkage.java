package org.cellweave.cluster;

import java.util.Arrays;
import org.cellweave.util.ShapeMismatchException;

/**
 * Agglomerative clustering of a few items from their distances.
 *
 * <p>Cost: O(n^2) time as a rule, O(n^3) at worst; O(n^2) memory. Ties: the pair with the lowest
 * positions merges first. Output as scipy's {@code linkage}: item {@code n + s} is made in step
 * {@code s}.
 */
public final class Linkage {
  private Linkage() {}

  /** Distance between clusters. */
  public enum Method {
    COMPLETE,
    AVERAGE,
    SINGLE,
    /** As average, but either part counts the same whatever its size. */
    WEIGHTED,
    /** Growth of the sum of squares, as if the distances were Euclidean. */
    WARD,
    /** Between centres of gravity; heights may fall. */
    CENTROID,
    /** As centroid, but either part counts the same; heights may fall. */
    MEDIAN
  }

  /**
   * One merge.
   *
   * @param left the smaller number of the two
   * @param right the larger number
   * @param height distance at which they merge
   * @param count items below
   */
  public record Step(int left, int right, double height, int count) {}

  /**
   * @param distances symmetric, zero on the diagonal
   * @return {@code n - 1} merges by increasing height
   */
  public static Step[] run(double[][] distances, Method method) {
    int n = distances.length;
    double[][] d = new double[n][];
    for (int i = 0; i < n; i++) {
      if (distances[i].length != n) {
        throw new ShapeMismatchException(
            "distances must be square, but row " + i + " has " + distances[i].length + " of " + n);
      }
      d[i] = distances[i].clone();
    }
    int[] id = new int[n];
    int[] size = new int[n];
    Arrays.setAll(id, i -> i);
    Arrays.fill(size, 1);
    var steps = new Step[Math.max(0, n - 1)];
    var nearest = new Nearest(d, size);
    for (int s = 0; s < steps.length; s++) {
      int a = nearest.first();
      int b = nearest.of[a];
      steps[s] =
          new Step(Math.min(id[a], id[b]), Math.max(id[a], id[b]), d[a][b], size[a] + size[b]);
      for (int k = 0; k < n; k++) {
        if (size[k] > 0 && k != a && k != b) {
          double merged = merged(method, d[a][k], d[b][k], d[a][b], size[a], size[b], size[k]);
          d[b][k] = merged;
          d[k][b] = merged;
        }
      }
      size[b] += size[a];
      size[a] = 0;
      id[b] = n + s;
      nearest.merged(a, b);
    }
    return steps;
  }

  /** For every cluster the nearest of those after it, so that a merge looks at few pairs again. */
  private static final class Nearest {
    private final double[][] d;
    private final int[] size;
    private final int[] of;

    Nearest(double[][] d, int[] size) {
      this.d = d;
      this.size = size;
      of = new int[d.length];
      for (int i = 0; i < of.length; i++) {
        search(i);
      }
    }

    private void search(int i) {
      of[i] = -1;
      for (int j = i + 1; j < of.length; j++) {
        if (size[j] > 0 && (of[i] < 0 || d[i][j] < d[i][of[i]])) {
          of[i] = j;
        }
      }
    }

    /** The cluster that merges next, with the one nearest to it. */
    int first() {
      int best = -1;
      for (int i = 0; i < of.length; i++) {
        if (size[i] > 0 && of[i] >= 0 && (best < 0 || d[i][of[i]] < d[best][of[best]])) {
          best = i;
        }
      }
      return best;
    }

    /** Cluster {@code a} went into {@code b}, which lies after it. */
    void merged(int a, int b) {
      for (int i = 0; i <= b; i++) {
        if (size[i] == 0) {
          continue;
        }
        if (of[i] == a || of[i] == b || i == b) {
          search(i);
        } else if (i < b && (d[i][b] < d[i][of[i]] || (d[i][b] == d[i][of[i]] && b < of[i]))) {
          of[i] = b;
        }
      }
    }
  }

  /** Distance of the union of a and b to k, by Lance and Williams' recurrences. */
  private static double merged(
      Method method, double a, double b, double between, int sizeA, int sizeB, int sizeK) {
    double union = sizeA + sizeB;
    double ab2 = between * between;
    return switch (method) {
      case COMPLETE -> Math.max(a, b);
      case SINGLE -> Math.min(a, b);
      case AVERAGE -> (sizeA * a + sizeB * b) / union;
      case WEIGHTED -> (a + b) / 2;
      case WARD ->
          Math.sqrt(
              ((sizeA + sizeK) * a * a + (sizeB + sizeK) * b * b - sizeK * ab2) / (union + sizeK));
      case CENTROID ->
          Math.sqrt((sizeA * a * a + sizeB * b * b - sizeA * sizeB * ab2 / union) / union);
      case MEDIAN -> Math.sqrt((a * a + b * b) / 2 - ab2 / 4);
    };
  }
}
