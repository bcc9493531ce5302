package org.cellweave.inference;

import org.cellweave.internal.Ordering;

/**
 * Ranks of several samples put together; equal values share the mean of their ranks.
 *
 * @param ranks of the values, sample after sample
 * @param ties sum of {@code t^3 - t} over runs of t equal values
 */
record PooledRanks(double[] ranks, double ties) {
  static PooledRanks of(double[]... samples) {
    int n = 0;
    for (double[] sample : samples) {
      n += sample.length;
    }
    double[] all = new double[n];
    int at = 0;
    for (double[] sample : samples) {
      System.arraycopy(sample, 0, all, at, sample.length);
      at += sample.length;
    }
    return new PooledRanks(Ordering.meanRanks(all), ties(all));
  }

  private static double ties(double[] values) {
    double[] sorted = values.clone();
    java.util.Arrays.sort(sorted);
    double ties = 0;
    for (int from = 0; from < sorted.length; ) {
      int to = from + 1;
      while (to < sorted.length && sorted[to] == sorted[from]) {
        to++;
      }
      double run = to - from;
      ties += run * run * run - run;
      from = to;
    }
    return ties;
  }

  double sum(int from, int to) {
    double sum = 0;
    for (int k = from; k < to; k++) {
      sum += ranks[k];
    }
    return sum;
  }
}
