package org.cellweave.integrate.anchors;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.CrossNeighbors;
import org.cellweave.neighbors.Metric;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * How much each anchor says about each cell of the query: the nearer its cell and the higher its
 * score, the more. A cell looks at the nearest cells that have anchors, {@code k} of them, and
 * takes their anchors in that order until there are {@code kWeight}, those of the last cell all, so
 * that the order of cells says nothing; with distance d to the cell and D to the last of the k, an
 * anchor of score s weighs {@code 1 - exp(-(1 - d/D) s / (2 / sd)^2)}. The weights of a cell sum to
 * 1.
 *
 * <p>Where fewer cells than {@code kWeight} have anchors, k is their number. A cell all of whose
 * anchors weigh nothing takes them alike. Distances that are all 0 count as the nearest.
 *
 * @param start first entry of every cell, and the number of all
 * @param anchors which anchor an entry is of
 * @param weights of the entries
 * @param kWeight cells with anchors that were looked at
 */
record AnchorWeights(int[] start, int[] anchors, double[] weights, int kWeight) {
  private static final int BLOCK = 256;

  /**
   * @param cells of the query, by coordinates that distances are taken in
   * @param ends row in {@code cells} of every anchor
   * @param scores of the anchors
   */
  static AnchorWeights of(
      DenseMatrix cells, int[] ends, double[] scores, int kWeight, double sdWeight) {
    Check.positive(kWeight, "kWeight");
    Check.positive(sdWeight, "sdWeight");
    int[] with = Arrays.stream(ends).sorted().distinct().toArray();
    int[][] of = anchorsOf(cells.nRows(), ends);
    int k = Math.min(kWeight, with.length);
    var near = CrossNeighbors.run(cells.takeRows(with), cells, k, Metric.EUCLIDEAN, Progress.NONE);
    int n = cells.nRows();
    int[][] chosen = new int[n][];
    double[][] weights = new double[n][];
    double width = (2 / sdWeight) * (2 / sdWeight);
    Parallel.forRange(
        n,
        BLOCK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int first = i * k;
            double farthest = near.distances()[first + k - 1];
            var anchors = IntStream.builder();
            var weight = DoubleStream.builder();
            int found = 0;
            for (int r = first; r < first + k && found < kWeight; r++) {
              double nearness = farthest > 0 ? 1 - near.distances()[r] / farthest : 1;
              for (int anchor : of[with[near.indices()[r]]]) {
                found++;
                anchors.add(anchor);
                weight.add(-Elementary.expm1(-nearness * scores[anchor] / width));
              }
            }
            chosen[i] = anchors.build().toArray();
            weights[i] = normalised(weight.build().toArray());
          }
        });
    return flat(chosen, weights, k);
  }

  private static int[][] anchorsOf(int n, int[] ends) {
    int[] length = new int[n];
    for (int end : ends) {
      length[end]++;
    }
    int[][] of = Arrays.stream(length).mapToObj(int[]::new).toArray(int[][]::new);
    Arrays.fill(length, 0);
    for (int a = 0; a < ends.length; a++) {
      of[ends[a]][length[ends[a]]++] = a;
    }
    return of;
  }

  private static double[] normalised(double[] weights) {
    double sum = Arrays.stream(weights).sum();
    for (int a = 0; a < weights.length; a++) {
      weights[a] = sum > 0 ? weights[a] / sum : 1.0 / weights.length;
    }
    return weights;
  }

  private static AnchorWeights flat(int[][] chosen, double[][] weights, int k) {
    int[] start = new int[chosen.length + 1];
    for (int i = 0; i < chosen.length; i++) {
      start[i + 1] = Math.addExact(start[i], chosen[i].length);
    }
    int[] anchors = new int[start[chosen.length]];
    double[] all = new double[anchors.length];
    IntStream.range(0, chosen.length)
        .forEach(
            i -> {
              System.arraycopy(chosen[i], 0, anchors, start[i], chosen[i].length);
              System.arraycopy(weights[i], 0, all, start[i], chosen[i].length);
            });
    return new AnchorWeights(start, anchors, all, k);
  }

  int nCells() {
    return start.length - 1;
  }
}
