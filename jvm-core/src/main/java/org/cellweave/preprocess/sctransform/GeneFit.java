package org.cellweave.preprocess.sctransform;

import java.util.Arrays;
import org.cellweave.util.Elementary;

/**
 * Maximum-likelihood fits of single genes to depth; one instance per thread, which keeps buffers.
 *
 * <p>Means are {@code exp(intercept + slope * depth)}, with an intercept and a slope for every
 * level of a covariate. Cost of a step: O(counts of the gene + nodes of depth).
 */
final class GeneFit {
  /** Slope of a mean that is a share of the total, depth being its logarithm to base 10. */
  static final double OFFSET_SLOPE = Elementary.log(10);

  private static final double LARGEST_SLOPE = 50;
  private static final double SMALLEST_THETA = 1e-7;

  /** Share of the mean below which a variance beyond it counts as none. */
  private static final double POISSON_EXCESS = 1e-4;

  private static final int MAX_STEPS = 200;
  private static final double CLOSE = 1e-12;

  /** Of intercept and theta, which are fitted in turn and nearly independent of each other. */
  private static final int MAX_ROUNDS = 50;

  private static final double CLOSE_IN_TURN = 1e-9;

  private final DepthNodes[] levels;
  private final double[] depth;
  private final int[] level;
  private final double[][] nodeMean;
  private double[] y = new double[64];
  private double[] x = new double[64];
  private double[] mean = new double[64];
  private int[] group = new int[64];
  private double[] above = new double[64];
  private int n;
  private int largest;

  /**
   * @param theta infinite or near it where the counts vary no more than a Poisson's
   * @param intercept one per level
   * @param slope one per level
   */
  record Fit(double theta, double[] intercept, double[] slope) {}

  /**
   * @param levels the cells of every level
   * @param depth of each cell
   * @param level of each cell
   */
  GeneFit(DepthNodes[] levels, double[] depth, int[] level) {
    this.levels = levels;
    this.depth = depth;
    this.level = level;
    this.nodeMean = new double[levels.length][];
    Arrays.setAll(nodeMean, l -> new double[levels[l].at.length]);
  }

  /**
   * Takes the counts of a gene.
   *
   * @param used negative for cells to leave out
   */
  void load(int[] cells, int start, double[] counts, int size, int[] used) {
    if (size > y.length) {
      int room = Math.max(size, 2 * y.length);
      y = new double[room];
      x = new double[room];
      mean = new double[room];
      group = new int[room];
    }
    n = 0;
    largest = 0;
    for (int k = 0; k < size; k++) {
      int cell = cells[start + k];
      if (used[cell] >= 0 && counts[k] > 0) {
        y[n] = counts[k];
        x[n] = depth[cell];
        group[n++] = level[cell];
        largest = Math.max(largest, (int) counts[k]);
      }
    }
    countAbove();
  }

  /** {@code above[c]}: cells with more than c counts. */
  private void countAbove() {
    if (largest + 1 > above.length) {
      above = new double[Math.max(largest + 1, 2 * above.length)];
    }
    Arrays.fill(above, 0, largest + 1, 0);
    for (int k = 0; k < n; k++) {
      above[(int) y[k] - 1]++;
    }
    for (int c = largest - 2; c >= 0; c--) {
      above[c] += above[c + 1];
    }
  }

  /** Poisson regression on depth in every level, then theta given the means. */
  Fit poisson() {
    double[] intercept = new double[levels.length];
    double[] slope = new double[levels.length];
    for (int l = 0; l < levels.length; l++) {
      double sum = 0;
      double product = 0;
      for (int k = 0; k < n; k++) {
        if (group[k] == l) {
          sum += y[k];
          product += y[k] * x[k];
        }
      }
      slope[l] = slope(levels[l], product / sum);
      intercept[l] = Elementary.log(sum) - logSum(levels[l], slope[l]);
    }
    means(intercept, slope);
    return new Fit(theta(Double.NaN), intercept, slope);
  }

  /**
   * The slope at which the cells' depths, weighted by their means, average to that of the counts:
   * the score equations of both coefficients in one.
   */
  private static double slope(DepthNodes cells, double target) {
    double low = -LARGEST_SLOPE;
    double high = LARGEST_SLOPE;
    double b = OFFSET_SLOPE;
    for (int step = 0; step < MAX_STEPS; step++) {
      double shift = cells.cells[cells.nCells() - 1];
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      for (int k = 0; k < cells.at.length; k++) {
        double d = cells.at[k] - shift;
        double e = cells.weight[k] * Elementary.exp(b * d);
        s0 += e;
        s1 += e * d;
        s2 += e * d * d;
      }
      double average = s1 / s0;
      double gap = target - shift - average;
      if (gap > 0) {
        low = b;
      } else {
        high = b;
      }
      double next = b + gap / (s2 / s0 - average * average);
      if (!(next > low && next < high)) {
        next = (low + high) / 2;
      }
      double change = Math.abs(next - b);
      b = next;
      if (change <= CLOSE * Math.abs(b)) {
        break;
      }
    }
    return b;
  }

  private static double logSum(DepthNodes cells, double slope) {
    double shift = cells.cells[cells.nCells() - 1];
    double sum = 0;
    for (int k = 0; k < cells.at.length; k++) {
      sum += cells.weight[k] * Elementary.exp(slope * (cells.at[k] - shift));
    }
    return Elementary.log(sum) + slope * shift;
  }

  /** Intercepts and theta together, with the slope of an offset. */
  Fit offset() {
    double[] intercept = new double[levels.length];
    double[] slope = new double[levels.length];
    Arrays.fill(slope, OFFSET_SLOPE);
    double[] sums = new double[levels.length];
    for (int k = 0; k < n; k++) {
      sums[group[k]] += y[k];
    }
    for (int l = 0; l < levels.length; l++) {
      intercept[l] = Elementary.log(sums[l]) - logSum(levels[l], OFFSET_SLOPE);
    }
    means(intercept, slope);
    double theta = theta(Double.NaN);
    for (int step = 0; step < MAX_ROUNDS; step++) {
      double moved = 0;
      for (int l = 0; l < levels.length; l++) {
        moved = Math.max(moved, centre(l, theta, intercept));
      }
      double next = theta(theta);
      double change = Math.abs(next - theta);
      theta = next;
      if (moved <= CLOSE_IN_TURN && change <= CLOSE_IN_TURN * theta) {
        break;
      }
    }
    return new Fit(theta, intercept, slope);
  }

  /** Newton's method for the intercept of a level given theta; returns how far it went. */
  private double centre(int l, double theta, double[] intercept) {
    double before = intercept[l];
    double[] weight = levels[l].weight;
    double[] nodes = nodeMean[l];
    for (int step = 0; step < MAX_STEPS; step++) {
      double score = 0;
      double curvature = 0;
      for (int k = 0; k < n; k++) {
        if (group[k] == l) {
          double share = theta / (theta + mean[k]);
          score += y[k] * share;
          curvature += y[k] * share * mean[k] / (theta + mean[k]);
        }
      }
      for (int k = 0; k < nodes.length; k++) {
        double share = theta / (theta + nodes[k]);
        score -= weight[k] * nodes[k] * share;
        curvature += weight[k] * nodes[k] * share * share;
      }
      double move = Math.max(-5, Math.min(5, score / curvature));
      intercept[l] += move;
      double factor = Elementary.exp(move);
      scale(l, factor);
      if (Math.abs(move) <= CLOSE) {
        break;
      }
    }
    return Math.abs(intercept[l] - before);
  }

  private void scale(int l, double factor) {
    for (int k = 0; k < n; k++) {
      if (group[k] == l) {
        mean[k] *= factor;
      }
    }
    double[] nodes = nodeMean[l];
    for (int k = 0; k < nodes.length; k++) {
      nodes[k] *= factor;
    }
  }

  private void means(double[] intercept, double[] slope) {
    for (int k = 0; k < n; k++) {
      mean[k] = Elementary.exp(intercept[group[k]] + slope[group[k]] * x[k]);
    }
    for (int l = 0; l < levels.length; l++) {
      double[] nodes = levels[l].at;
      for (int k = 0; k < nodes.length; k++) {
        nodeMean[l][k] = Elementary.exp(intercept[l] + slope[l] * nodes[k]);
      }
    }
  }

  /**
   * Theta of largest likelihood given the means. Where the counts vary no more than a Poisson's, it
   * is the value at which the variance is above the mean by a ten-thousandth at the mean count.
   *
   * @param near where to start; NaN for the estimate by moments
   */
  private double theta(double near) {
    double excess = 0;
    double total = 0;
    for (int k = 0; k < n; k++) {
      excess += y[k] * (y[k] - 2 * mean[k] - 1);
      total += y[k];
    }
    double squares = 0;
    double nCells = 0;
    for (int l = 0; l < levels.length; l++) {
      nCells += levels[l].nCells();
      for (int k = 0; k < nodeMean[l].length; k++) {
        squares += levels[l].weight[k] * nodeMean[l][k] * nodeMean[l][k];
      }
    }
    excess += squares;
    double most = total / nCells / POISSON_EXCESS;
    if (!(excess > 0) || score(most)[0] >= 0) {
      return most;
    }
    return root(Math.min(most, Double.isNaN(near) ? squares / excess : near), most);
  }

  /** Newton's method in the logarithm of theta, within bounds that halve when it leaves them. */
  private double root(double start, double most) {
    double low = Elementary.log(SMALLEST_THETA);
    double high = Elementary.log(most);
    double s = Math.max(low, Elementary.log(start));
    for (int step = 0; step < MAX_STEPS; step++) {
      double theta = Elementary.exp(s);
      double[] at = score(theta);
      if (at[0] > 0) {
        low = s;
      } else {
        high = s;
      }
      double next = s - at[0] / (at[0] + theta * at[1]);
      if (!(next > low && next < high)) {
        next = (low + high) / 2;
      }
      double change = Math.abs(next - s);
      s = next;
      if (change <= CLOSE) {
        break;
      }
    }
    return Elementary.exp(s);
  }

  /** First and second derivative of the log-likelihood by theta. */
  private double[] score(double theta) {
    double first = 0;
    double second = 0;
    for (int c = 0; c < largest; c++) {
      double inverse = 1 / (theta + c);
      first += above[c] * inverse;
      second -= above[c] * inverse * inverse;
    }
    for (int k = 0; k < n; k++) {
      double inverse = 1 / (theta + mean[k]);
      first -= y[k] * inverse;
      second += y[k] * inverse * inverse;
    }
    for (int l = 0; l < levels.length; l++) {
      double[] nodes = nodeMean[l];
      double[] weight = levels[l].weight;
      for (int k = 0; k < nodes.length; k++) {
        double share = nodes[k] / (theta + nodes[k]);
        first += weight[k] * lessLogarithm(nodes[k] / theta);
        second += weight[k] * share * share / theta;
      }
    }
    return new double[] {first, second};
  }

  /** {@code u / (1 + u) - log(1 + u)}, by its series where the two nearly cancel. */
  private static double lessLogarithm(double u) {
    if (u > 0.01) {
      return u / (1 + u) - Elementary.log(1 + u);
    }
    double sum = 0;
    for (int k = 8; k >= 2; k--) {
      sum = (k % 2 == 0 ? -1 : 1) * (1 - 1.0 / k) + u * sum;
    }
    return u * u * sum;
  }
}
