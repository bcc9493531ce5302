package org.cellweave.clonal.association;

import java.util.Arrays;
import org.cellweave.util.Elementary;

/**
 * A logistic curve through shares of counts, by iteratively reweighted least squares on the points
 * of a {@link SplineBasis}; from the same start and to the same tolerance as statsmodels' GLM.
 */
final class BinomialSpline {
  private static final int MAX_ITER = 100;
  private static final double TOLERANCE = 1e-8;
  private static final double EPSILON = Math.ulp(1.0);
  private static final double TINY = 1e-20;

  /** A pivot below this share of the first says nothing that rounding does not. */
  private static final double DEPENDENT = 1e-14;

  private final SplineBasis basis;
  private final int rank;
  private final double[] trials;
  private final double[] successes;
  private final double[] eta;

  /** Fitted share at every point. */
  final double[] share;

  private final double[] gradient;
  private final double[] hessian;
  private double allTrials;
  private double allSuccesses;

  BinomialSpline(SplineBasis basis) {
    this.basis = basis;
    this.rank = basis.rank;
    trials = new double[basis.nPoints];
    successes = new double[basis.nPoints];
    eta = new double[basis.nPoints];
    share = new double[basis.nPoints];
    gradient = new double[rank];
    hessian = new double[rank * rank];
  }

  /**
   * @param y shares of the clones
   * @param weights counts they rest on
   * @return log likelihood above that of one share for all
   */
  double fit(double[] y, double[] weights) {
    start(y, weights);
    double before = Double.POSITIVE_INFINITY;
    for (int iter = 0; iter < MAX_ITER; iter++) {
      if (iter > 0) {
        gather();
        step();
      }
      double likelihood = likelihood();
      if (Math.abs(before - likelihood) <= TOLERANCE / 2) {
        break;
      }
      before = likelihood;
    }
    double mean = allSuccesses / allTrials;
    double constant = term(allSuccesses, allTrials, mean);
    return likelihood() - constant;
  }

  /** The first step, from {@code (y + 1/2) / 2} of every clone: it gives the whole curve. */
  private void start(double[] y, double[] weights) {
    Arrays.fill(trials, 0);
    Arrays.fill(successes, 0);
    Arrays.fill(gradient, 0);
    Arrays.fill(hessian, 0);
    Arrays.fill(eta, 0);
    allTrials = 0;
    allSuccesses = 0;
    double[] curvature = new double[basis.nPoints];
    double[] pull = new double[basis.nPoints];
    for (int i = 0; i < y.length; i++) {
      int p = basis.point[i];
      double m = (y[i] + 0.5) / 2;
      double w = weights[i] * m * (1 - m);
      trials[p] += weights[i];
      successes[p] += weights[i] * y[i];
      curvature[p] += w;
      pull[p] += w * Elementary.log(m / (1 - m)) + weights[i] * (y[i] - m);
    }
    for (int p = 0; p < basis.nPoints; p++) {
      allTrials += trials[p];
      allSuccesses += successes[p];
      accumulate(p, curvature[p], pull[p]);
    }
    step();
  }

  private void gather() {
    Arrays.fill(gradient, 0);
    Arrays.fill(hessian, 0);
    for (int p = 0; p < basis.nPoints; p++) {
      double m = Math.min(1 - EPSILON, Math.max(EPSILON, share[p]));
      accumulate(p, trials[p] * m * (1 - m), successes[p] - trials[p] * share[p]);
    }
  }

  private void accumulate(int p, double curvature, double pull) {
    for (int a = 0; a < rank; a++) {
      double qa = basis.q[p * rank + a];
      gradient[a] += qa * pull;
      for (int b = 0; b <= a; b++) {
        hessian[a * rank + b] += curvature * qa * basis.q[p * rank + b];
      }
    }
  }

  /** Adds to the curve what the gradient asks for. */
  private void step() {
    solve();
    for (int p = 0; p < basis.nPoints; p++) {
      double change = 0;
      for (int a = 0; a < rank; a++) {
        change += basis.q[p * rank + a] * gradient[a];
      }
      eta[p] += change;
      share[p] = 1 / (1 + Elementary.exp(-eta[p]));
    }
  }

  /**
   * Cholesky's factor of the curvature, and the step in place of the gradient. Where fates are
   * separated some directions have lost all curvature: they stay as they are.
   */
  private void solve() {
    double largest = 0;
    for (int a = 0; a < rank; a++) {
      largest = Math.max(largest, hessian[a * rank + a]);
    }
    boolean[] flat = new boolean[rank];
    for (int a = 0; a < rank; a++) {
      for (int b = 0; b <= a; b++) {
        double sum = hessian[a * rank + b];
        for (int c = 0; c < b; c++) {
          sum -= hessian[a * rank + c] * hessian[b * rank + c];
        }
        if (a == b) {
          flat[a] = !(sum > DEPENDENT * largest);
          hessian[a * rank + a] = flat[a] ? 0 : Math.sqrt(sum);
        } else {
          hessian[a * rank + b] = flat[b] ? 0 : sum / hessian[b * rank + b];
        }
      }
    }
    for (int a = 0; a < rank; a++) {
      double sum = gradient[a];
      for (int c = 0; c < a; c++) {
        sum -= hessian[a * rank + c] * gradient[c];
      }
      gradient[a] = flat[a] ? 0 : sum / hessian[a * rank + a];
    }
    for (int a = rank - 1; a >= 0; a--) {
      double sum = gradient[a];
      for (int c = a + 1; c < rank; c++) {
        sum -= hessian[c * rank + a] * gradient[c];
      }
      gradient[a] = flat[a] ? 0 : sum / hessian[a * rank + a];
    }
  }

  private double likelihood() {
    double sum = 0;
    for (int p = 0; p < basis.nPoints; p++) {
      sum += term(successes[p], trials[p], share[p]);
    }
    return sum;
  }

  private static double term(double successes, double trials, double share) {
    return successes * Elementary.log((share + TINY) / (1 - share + TINY))
        + trials * Elementary.log(1 - share + TINY);
  }
}
