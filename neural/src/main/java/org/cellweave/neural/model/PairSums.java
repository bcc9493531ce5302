package org.cellweave.neural.model;

import java.util.List;

/** What all pairs of a comparison add up to, gene by gene. */
final class PairSums {
  final double[] sum1;
  final double[] sum2;

  /** Pairs with more of the gene in the first group. */
  final double[] higher;

  final double[] largest1;
  final double[] largest2;

  PairSums(int genes) {
    sum1 = new double[genes];
    sum2 = new double[genes];
    higher = new double[genes];
    largest1 = new double[genes];
    largest2 = new double[genes];
  }

  static PairSums of(ExpressionPairs pairs) {
    List<PairSums> parts =
        pairs.walk(() -> new PairSums(pairs.genes()), sums -> (pair, a, b) -> sums.add(a, b));
    PairSums all = new PairSums(pairs.genes());
    parts.forEach(all::add);
    return all;
  }

  void add(double[] a, double[] b) {
    for (int g = 0; g < a.length; g++) {
      sum1[g] += a[g];
      sum2[g] += b[g];
      higher[g] += a[g] > b[g] ? 1 : 0;
      largest1[g] = Math.max(largest1[g], a[g]);
      largest2[g] = Math.max(largest2[g], b[g]);
    }
  }

  private void add(PairSums part) {
    for (int g = 0; g < sum1.length; g++) {
      sum1[g] += part.sum1[g];
      sum2[g] += part.sum2[g];
      higher[g] += part.higher[g];
      largest1[g] = Math.max(largest1[g], part.largest1[g]);
      largest2[g] = Math.max(largest2[g], part.largest2[g]);
    }
  }

  double[] mean1(int pairs) {
    return java.util.Arrays.stream(sum1).map(v -> v / pairs).toArray();
  }

  double[] mean2(int pairs) {
    return java.util.Arrays.stream(sum2).map(v -> v / pairs).toArray();
  }
}
