package org.cellweave.integrate.factor;

import java.util.Arrays;
import java.util.List;
import org.cellweave.util.Parallel;

/**
 * One round over the weights W and V of every shared feature: each weight in turn becomes the best
 * one of at least 0 for what all others are, so that the objective never rises. Features are
 * independent of one another.
 *
 * @see <a href="https://doi.org/10.1587/transfun.E92.A.708">Cichocki and Phan 2009</a>
 */
final class HalsSweep {
  private static final int FEATURES = 32;

  private final double lambda;
  private final int k;
  private final List<FactorSet> sets;

  /** Sum of {@code H H'} over the sets. */
  private final double[][] total;

  HalsSweep(List<FactorSet> sets, double lambda) {
    this.lambda = lambda;
    this.sets = sets;
    this.k = sets.get(0).hh().length;
    this.total = new double[k][k];
    sets.forEach(set -> FactorAlgebra.addTimes(1, set.hh(), total));
  }

  /** Changes {@code w}, and V of every set. */
  void run(double[] w) {
    Parallel.forRange(
        w.length / k,
        FEATURES,
        (from, to) -> {
          double[] rest = new double[k];
          for (int at = from * k; at < to * k; at += k) {
            shared(w, at, rest);
            for (FactorSet set : sets) {
              own(w, set, at, rest);
            }
          }
        });
  }

  private void shared(double[] w, int at, double[] rest) {
    Arrays.fill(rest, 0);
    for (FactorSet set : sets) {
      addRest(set, set.v(), at, rest);
    }
    improve(w, at, total, rest, 1);
  }

  private void own(double[] w, FactorSet set, int at, double[] rest) {
    Arrays.fill(rest, 0);
    addRest(set, w, at, rest);
    improve(set.v(), at, set.hh(), rest, 1 + lambda);
  }

  /** What the other weights leave over of the values times H. */
  private void addRest(FactorSet set, double[] others, int at, double[] rest) {
    for (int f = 0; f < k; f++) {
      rest[f] += set.xh()[at + f];
    }
    for (int c = 0; c < k; c++) {
      double v = others[at + c];
      if (v != 0) {
        double[] row = set.hh()[c];
        for (int f = 0; f < k; f++) {
          rest[f] -= v * row[f];
        }
      }
    }
  }

  private void improve(double[] weights, int at, double[][] hh, double[] rest, double penalty) {
    for (int f = 0; f < k; f++) {
      double[] row = hh[f];
      if (row[f] > 0) {
        double slope = rest[f] / penalty;
        for (int c = 0; c < k; c++) {
          slope -= weights[at + c] * row[c];
        }
        weights[at + f] = Math.max(0, weights[at + f] + slope / row[f]);
      }
    }
  }
}
