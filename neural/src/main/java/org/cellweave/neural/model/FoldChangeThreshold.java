package org.cellweave.neural.model;

import java.util.Arrays;
import org.cellweave.util.Elementary;

/**
 * A threshold for fold changes from their distribution over genes: most genes do not change, some
 * go up and some down. Three normal distributions are fitted, and the threshold is a share of how
 * far the outer two lie from zero.
 *
 * <p>By expectation and maximisation from k-means, as scikit-learn does; started from quantiles, so
 * that nothing is drawn.
 */
final class FoldChangeThreshold {
  private static final int PARTS = 3;
  private static final double SHARE = 0.6;
  private static final double LEAST = 0.1;
  private static final double ADDED_VARIANCE = 1e-6;
  private static final double TOLERANCE = 1e-3;
  private static final int MOST = 100;

  private final double[] x;
  private final double[] weight = new double[PARTS];
  private final double[] mean = new double[PARTS];
  private final double[] variance = new double[PARTS];

  private FoldChangeThreshold(double[] x) {
    this.x = x;
  }

  /**
   * @param means of fold changes, by gene
   */
  static double of(double[] means) {
    double[] centres = centres(means);
    double outer = 0.5 * (Math.abs(centres[0]) + Math.abs(centres[PARTS - 1]));
    return Math.max(LEAST, SHARE * outer);
  }

  /** Means of the three distributions, ascending. */
  static double[] centres(double[] values) {
    var fit = new FoldChangeThreshold(values);
    double[][] shares = fit.start();
    fit.maximise(shares);
    double before = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < MOST; k++) {
      double now = fit.expect(shares);
      fit.maximise(shares);
      if (Math.abs(now - before) < TOLERANCE) {
        break;
      }
      before = now;
    }
    double[] out = fit.mean.clone();
    Arrays.sort(out);
    return out;
  }

  /** Every value belongs to its nearest centre, by Lloyd's algorithm. */
  private double[][] start() {
    double[] sorted = x.clone();
    Arrays.sort(sorted);
    for (int c = 0; c < PARTS; c++) {
      mean[c] = sorted[(int) ((sorted.length - 1) * (2 * c + 1) / (2.0 * PARTS))];
    }
    int[] nearest = new int[x.length];
    boolean moved = true;
    for (int k = 0; k < MOST && moved; k++) {
      moved = assign(nearest) || k == 0;
      double[] sum = new double[PARTS];
      int[] size = new int[PARTS];
      for (int i = 0; i < x.length; i++) {
        sum[nearest[i]] += x[i];
        size[nearest[i]]++;
      }
      for (int c = 0; c < PARTS; c++) {
        mean[c] = size[c] == 0 ? mean[c] : sum[c] / size[c];
      }
    }
    double[][] shares = new double[x.length][PARTS];
    for (int i = 0; i < x.length; i++) {
      shares[i][nearest[i]] = 1;
    }
    return shares;
  }

  private boolean assign(int[] nearest) {
    boolean moved = false;
    for (int i = 0; i < x.length; i++) {
      int best = 0;
      for (int c = 1; c < PARTS; c++) {
        if (Math.abs(x[i] - mean[c]) < Math.abs(x[i] - mean[best])) {
          best = c;
        }
      }
      moved |= best != nearest[i];
      nearest[i] = best;
    }
    return moved;
  }

  private void maximise(double[][] shares) {
    for (int c = 0; c < PARTS; c++) {
      double size = 1e-15;
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        size += shares[i][c];
        sum += shares[i][c] * x[i];
      }
      mean[c] = sum / size;
      double squares = 0;
      for (int i = 0; i < x.length; i++) {
        squares += shares[i][c] * (x[i] - mean[c]) * (x[i] - mean[c]);
      }
      variance[c] = squares / size + ADDED_VARIANCE;
      weight[c] = size / x.length;
    }
  }

  /** Fills the shares and gives the mean log likelihood. */
  private double expect(double[][] shares) {
    double sum = 0;
    double[] logs = new double[PARTS];
    for (int i = 0; i < x.length; i++) {
      for (int c = 0; c < PARTS; c++) {
        double d = x[i] - mean[c];
        logs[c] =
            Elementary.log(weight[c])
                - 0.5 * (Elementary.log(2 * Math.PI * variance[c]) + d * d / variance[c]);
      }
      double total = ImportanceWeights.logSum(logs);
      for (int c = 0; c < PARTS; c++) {
        shares[i][c] = Elementary.exp(logs[c] - total);
      }
      sum += total;
    }
    return sum / x.length;
  }
}
