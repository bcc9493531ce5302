package org.cellweave.integrate.scanorama;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.internal.Ordering;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.neighbors.StackedNeighbors;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Pairs of cells of different batches that are each among the other's nearest, and how much of each
 * two batches they cover.
 *
 * <p>A cell's nearest are looked for among all earlier batches together, and among all later ones.
 */
final class Alignments {
  private final int[] starts;

  /** Mutual pairs: place of the earlier cell, then of the later one; ascending. */
  private final long[] pairs;

  private final int[] batchOf;
  private final double[][] table;

  private final NearestNeighbors.Search search;
  private final double recall;

  private Alignments(int[] starts, long[] pairs, NearestNeighbors.Search search, double recall) {
    this.starts = starts;
    this.pairs = pairs;
    this.search = search;
    this.recall = recall;
    int nBatches = starts.length - 1;
    this.batchOf = new int[starts[nBatches]];
    for (int b = 0; b < nBatches; b++) {
      Arrays.fill(batchOf, starts[b], starts[b + 1], b);
    }
    this.table = scores(nBatches);
  }

  /**
   * @param x cells batch after batch
   * @param starts first cell of each batch, and the number of cells
   */
  static Alignments find(DenseMatrix x, int[] starts, Scanorama.Params params, Progress progress) {
    var unit = UnitExpression.unit(UnitExpression.own(x));
    var lists =
        StackedNeighbors.run(
            unit, starts, params.knn(), params.metric(), params.search(), progress);
    Parallel.checkInterrupted();
    long[] later = keys(lists.later(), lists.nNeighbors(), false);
    return new Alignments(
        starts,
        shared(later, keys(lists.earlier(), lists.nNeighbors(), true)),
        lists.search(),
        lists.recall());
  }

  /** Pairs as lists have them. */
  private static long[] keys(int[] lists, int k, boolean otherFirst) {
    long[] out = new long[lists.length];
    int n = 0;
    for (int p = 0; p < lists.length; p++) {
      if (lists[p] >= 0) {
        long own = p / k;
        long other = lists[p];
        out[n++] = otherFirst ? other << 32 | own : own << 32 | other;
      }
    }
    return Arrays.copyOf(out, n);
  }

  /** What is in both, ascending. */
  private static long[] shared(long[] a, long[] b) {
    Arrays.sort(a);
    Arrays.sort(b);
    long[] out = new long[Math.min(a.length, b.length)];
    int n = 0;
    int q = 0;
    for (long key : a) {
      while (q < b.length && b[q] < key) {
        q++;
      }
      if (q < b.length && b[q] == key) {
        out[n++] = key;
      }
    }
    return Arrays.copyOf(out, n);
  }

  /** The larger of the shares of matched cells in the two batches. */
  private double[][] scores(int nBatches) {
    int[][] matched = new int[nBatches][nBatches];
    boolean[] seen = new boolean[batchOf.length * nBatches];
    for (long pair : pairs) {
      int[] ends = {(int) (pair >>> 32), (int) pair};
      for (int side = 0; side < 2; side++) {
        int own = ends[side];
        int other = batchOf[ends[1 - side]];
        if (!seen[own * nBatches + other]) {
          seen[own * nBatches + other] = true;
          matched[batchOf[own]][other]++;
        }
      }
    }
    double[][] out = new double[nBatches][nBatches];
    for (int i = 0; i < nBatches; i++) {
      for (int j = 0; j < nBatches; j++) {
        double own = matched[i][j] / (double) (starts[i + 1] - starts[i]);
        out[i][j] = Math.max(own, matched[j][i] / (double) (starts[j + 1] - starts[j]));
      }
    }
    return out;
  }

  /** What search ran. */
  NearestNeighbors.Search search() {
    return search;
  }

  /** Share of the true neighbours that it found. */
  double recall() {
    return recall;
  }

  /** Scores of all pairs of batches, symmetric; not a copy. */
  double[][] table() {
    return table;
  }

  /** Pairs of batches above {@code alpha}, the highest score first, of equal ones the later. */
  List<int[]> above(double alpha) {
    List<int[]> all = new ArrayList<>();
    for (int i = 0; i < table.length; i++) {
      for (int j = i + 1; j < table.length; j++) {
        if (table[i][j] > alpha) {
          all.add(new int[] {i, j});
        }
      }
    }
    int[] order = Ordering.ascending(all.stream().mapToDouble(p -> table[p[0]][p[1]]).toArray());
    List<int[]> out = new ArrayList<>();
    for (int p = order.length - 1; p >= 0; p--) {
      out.add(all.get(order[p]));
    }
    return out;
  }

  /**
   * The pairs of cells of one batch with some others: the own cells, then the others.
   *
   * @param own batch
   * @param others batches
   */
  int[][] between(int own, List<Integer> others) {
    boolean[] wanted = new boolean[table.length];
    others.forEach(b -> wanted[b] = true);
    int[][] out = new int[2][pairs.length];
    int n = 0;
    for (long pair : pairs) {
      int first = (int) (pair >>> 32);
      int second = (int) pair;
      if (batchOf[first] == own && wanted[batchOf[second]]) {
        out[0][n] = first;
        out[1][n++] = second;
      } else if (batchOf[second] == own && wanted[batchOf[first]]) {
        out[0][n] = second;
        out[1][n++] = first;
      }
    }
    return new int[][] {Arrays.copyOf(out[0], n), Arrays.copyOf(out[1], n)};
  }
}
