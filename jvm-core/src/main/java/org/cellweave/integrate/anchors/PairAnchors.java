package org.cellweave.integrate.anchors;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.Metric;
import org.cellweave.neighbors.MutualNeighbors;
import org.cellweave.util.Progress;
import org.cellweave.util.Quantile;

/**
 * Anchors between two sets of cells: mutual neighbours, scored by how much their neighbourhoods in
 * both sets have in common.
 *
 * <p>Scores run from 0 at the 1st percentile of the overlaps to 1 at the 90th; where these are
 * equal all are 1.
 *
 * @param first row in the first set, ascending
 * @param second row in the second set
 * @param scores between 0 and 1
 */
record PairAnchors(int[] first, int[] second, double[] scores) {
  private static final double LOW = 0.01;
  private static final double HIGH = 0.9;

  /** Which mutual neighbours may become anchors. */
  @FunctionalInterface
  interface Filter {
    /** Positions of the pairs that stay. */
    int[] stay(int[] first, int[] second);
  }

  int size() {
    return first.length;
  }

  /**
   * @param kAnchor neighbours in the other set that must be mutual
   * @param kScore neighbours in each set that are compared
   */
  static PairAnchors find(NeighborSpaces spaces, int kAnchor, int kScore, Filter filter) {
    int k = Math.max(kAnchor, kScore);
    var there = nearest(spaces.secondAtHome(), spaces.firstAbroad(), k);
    var back = nearest(spaces.firstAtHome(), spaces.secondAbroad(), k);
    var mutual = MutualNeighbors.of(head(there, kAnchor), head(back, kAnchor));
    int[] stay = filter.stay(mutual.first(), mutual.second());
    int[] first = Arrays.stream(stay).map(p -> mutual.first()[p]).toArray();
    int[] second = Arrays.stream(stay).map(p -> mutual.second()[p]).toArray();
    var ofFirst = nearest(spaces.first(), spaces.first(), kScore);
    var ofSecond = nearest(spaces.second(), spaces.second(), kScore);
    double[] overlaps = new double[first.length];
    for (int p = 0; p < first.length; p++) {
      int i = first[p];
      int j = second[p];
      overlaps[p] =
          common(ofFirst, i, back, j, kScore) + (double) common(there, i, ofSecond, j, kScore);
    }
    return new PairAnchors(first, second, scaled(overlaps));
  }

  private static CrossNeighbors.Result nearest(DenseMatrix reference, DenseMatrix query, int k) {
    return CrossNeighbors.run(reference, query, k, Metric.EUCLIDEAN, Progress.NONE);
  }

  /** The first k of every list. */
  private static CrossNeighbors.Result head(CrossNeighbors.Result lists, int k) {
    int[] indices = new int[lists.nCells() * k];
    double[] distances = new double[indices.length];
    for (int i = 0; i < lists.nCells(); i++) {
      System.arraycopy(lists.indices(), i * lists.nNeighbors(), indices, i * k, k);
      System.arraycopy(lists.distances(), i * lists.nNeighbors(), distances, i * k, k);
    }
    return new CrossNeighbors.Result(lists.nCells(), k, indices, distances);
  }

  /** How many of the first k of two lists are the same. */
  private static int common(CrossNeighbors.Result a, int i, CrossNeighbors.Result b, int j, int k) {
    int[] one = sorted(a, i, k);
    int[] two = sorted(b, j, k);
    int n = 0;
    int at = 0;
    for (int value : one) {
      while (at < k && two[at] < value) {
        at++;
      }
      n += at < k && two[at] == value ? 1 : 0;
    }
    return n;
  }

  private static int[] sorted(CrossNeighbors.Result lists, int i, int k) {
    int from = i * lists.nNeighbors();
    int[] list = Arrays.copyOfRange(lists.indices(), from, from + k);
    Arrays.sort(list);
    return list;
  }

  private static double[] scaled(double[] overlaps) {
    double[] sorted = overlaps.clone();
    Arrays.sort(sorted);
    double low = Quantile.ofSorted(sorted, LOW);
    double high = Quantile.ofSorted(sorted, HIGH);
    return Arrays.stream(overlaps)
        .map(v -> high > low ? Math.max(0, Math.min(1, (v - low) / (high - low))) : 1)
        .toArray();
  }

  /** Keeps all. */
  static int[] all(int[] first, int[] second) {
    return IntStream.range(0, Math.min(first.length, second.length)).toArray();
  }
}
