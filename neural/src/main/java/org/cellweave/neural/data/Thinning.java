package org.cellweave.neural.data;

import java.util.SplittableRandom;
import org.cellweave.random.CountDistributions;
import org.cellweave.random.Streams;
import org.cellweave.util.Elementary;

/** Keeps a random part of the counts of every cell, down to a total that is drawn for it. */
public final class Thinning {
  private Thinning() {}

  /**
   * Draws for every cell a total between {@code minTotal} and its own, evenly on the logarithmic
   * scale, and keeps every molecule with the probability that this asks for. Cells that have no
   * more than {@code minTotal} keep all.
   *
   * @param seed of the draws of one step; every cell of the minibatch has a stream of its own
   */
  public static void thin(Counts full, double minTotal, long seed, Counts out) {
    out.clear(full.cells());
    int[] start = full.start();
    double[] values = new double[0];
    for (int i = 0; i < full.cells(); i++) {
      int n = start[i + 1] - start[i];
      if (values.length < n) {
        values = new double[2 * n];
      }
      double total = 0;
      for (int p = start[i]; p < start[i + 1]; p++) {
        total += full.value()[p];
      }
      SplittableRandom random = Streams.of(seed, i);
      double keep = keep(total, minTotal, random.nextDouble());
      for (int k = 0; k < n; k++) {
        int count = Math.round(full.value()[start[i] + k]);
        values[k] = CountDistributions.binomial(count, keep, random);
      }
      out.append(full.gene(), start[i], values, n);
    }
  }

  static double keep(double total, double minTotal, double uniform) {
    double largest = Math.max(total, minTotal + 1e-6);
    double log =
        Elementary.log(minTotal) + uniform * (Elementary.log(largest) - Elementary.log(minTotal));
    return Math.min(1, Math.max(0, Elementary.exp(log) / Math.max(total, 1e-6)));
  }
}
