package org.cellweave.integrate.combat;

import java.util.Arrays;
import org.cellweave.util.Parallel;

/** Parametric empirical Bayes: pulls shifts and variances of a batch towards those of all genes. */
final class EmpiricalBayes {
  private final LocationScaleModel model;
  private final int[] sizes;
  private final Combat.Params params;
  private final int reference;
  private final boolean[] untouched;
  private final double[][] gamma;
  private final double[][] delta;
  private final int[] iterations;
  private final boolean[] converged;

  /**
   * @param reference batch that stays as it is; -1 for none
   */
  EmpiricalBayes(LocationScaleModel model, int[] sizes, Combat.Params params, int reference) {
    this.model = model;
    this.sizes = sizes;
    this.reference = reference;
    this.params = params;
    this.untouched = new boolean[model.nGenes()];
    if (params.flavor() == Combat.Flavor.SVA) {
      for (int j = 0; j < untouched.length; j++) {
        untouched[j] = model.isConstantInABatch(j);
      }
    }
    this.gamma = new double[sizes.length][model.nGenes()];
    this.delta = new double[sizes.length][model.nGenes()];
    this.iterations = new int[sizes.length];
    this.converged = new boolean[sizes.length];
  }

  double[][] gamma() {
    return gamma;
  }

  double[][] delta() {
    return delta;
  }

  int[] iterations() {
    return iterations;
  }

  boolean converged() {
    for (boolean c : converged) {
      if (!c) {
        return false;
      }
    }
    return true;
  }

  /** What residuals of gene {@code j} in batch {@code b} are multiplied by. */
  double scale(int b, int j) {
    if (untouched[j] || b == reference) {
      return 1;
    }
    if (model.isConstant(j)) {
      return 0;
    }
    // without any variance in the batch its residuals are 0, whatever they are multiplied by
    return delta[b][j] == 0 ? 1 : 1 / Math.sqrt(delta[b][j]);
  }

  void shrink() {
    Parallel.forBlocks(sizes.length, this::shrink);
  }

  private void shrink(int b) {
    if (b == reference) {
      Arrays.fill(delta[b], 1);
      converged[b] = true;
      return;
    }
    int[] genes = genes();
    double[] shift = new double[genes.length];
    double[] spread = new double[genes.length];
    for (int k = 0; k < genes.length; k++) {
      shift[k] = model.shift(b, genes[k]);
      spread[k] = model.spread(b, genes[k]);
    }
    Arrays.fill(delta[b], 1);
    int ddof = params.flavor() == Combat.Flavor.SVA ? 1 : 0;
    double centre = mean(shift);
    double width = variance(shift, centre, ddof);
    if (params.meanOnly()) {
      for (int k = 0; k < genes.length; k++) {
        gamma[b][genes[k]] = (width * shift[k] + centre) / (width + 1);
      }
      converged[b] = true;
      return;
    }
    double m = mean(spread);
    double s2 = variance(spread, m, 1);
    iterate(b, genes, shift, spread, new Prior(centre, width, (2 * s2 + m * m) / s2, m, s2));
  }

  /**
   * Normal prior of the shifts, inverse gamma prior of the variances.
   *
   * @param a shape
   */
  private record Prior(double centre, double width, double a, double m, double s2) {
    double b() {
      return (m * s2 + m * m * m) / s2;
    }
  }

  private void iterate(int b, int[] genes, double[] shift, double[] spread, Prior prior) {
    double n = sizes[b];
    double rate = prior.b();
    double[] g = shift.clone();
    double[] d = spread.clone();
    double change = Double.POSITIVE_INFINITY;
    while (change > params.tol() && iterations[b] < params.maxIter()) {
      change = 0;
      for (int k = 0; k < g.length; k++) {
        double weight = prior.width() * n;
        double shifted =
            weight + d[k] == 0
                ? prior.centre()
                : (weight * shift[k] + d[k] * prior.centre()) / (weight + d[k]);
        double off = shift[k] - shifted;
        double squares = (n - 1) * spread[k] + n * off * off;
        // equal variances of all genes leave no doubt about them
        double spreadNow =
            prior.s2() == 0 ? prior.m() : (0.5 * squares + rate) / (n / 2 + prior.a() - 1);
        // the sign of the old shift is kept on purpose: negative ones never delay the end
        change = Math.max(change, share(shifted, g[k]));
        change = Math.max(change, share(spreadNow, d[k]));
        g[k] = shifted;
        d[k] = spreadNow;
      }
      iterations[b]++;
    }
    converged[b] = change <= params.tol();
    for (int k = 0; k < genes.length; k++) {
      gamma[b][genes[k]] = g[k];
      delta[b][genes[k]] = d[k];
    }
  }

  private static double share(double now, double before) {
    double change = Math.abs(now - before);
    return change == 0 ? 0 : change / before;
  }

  private int[] genes() {
    int[] at = new int[untouched.length];
    int n = 0;
    for (int j = 0; j < untouched.length; j++) {
      if (!untouched[j]) {
        at[n++] = j;
      }
    }
    return Arrays.copyOf(at, n);
  }

  private static double mean(double[] v) {
    double sum = 0;
    for (double x : v) {
      sum += x;
    }
    return sum / v.length;
  }

  private static double variance(double[] v, double mean, int ddof) {
    double sum = 0;
    for (double x : v) {
      sum += (x - mean) * (x - mean);
    }
    return sum / (v.length - ddof);
  }
}
