package org.cellweave.diffexp.pseudobulk;

import java.util.Arrays;
import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.Trigamma;
import org.cellweave.linalg.SmallCholesky;
import org.cellweave.util.Elementary;

/**
 * The dispersion of one gene at a time that maximises its likelihood, given its expected counts: by
 * the profile likelihood adjusted for the coefficients (Cox and Reid 1987), with or without a
 * normal prior on its logarithm.
 *
 * <p>Newton's method on the slope in the logarithm, held in a bracket that closes from the start
 * downhill, so that the maximum nearest to the start is found. Keeps buffers, so that every thread
 * needs its own.
 */
final class CoxReid {
  /** A start whose slope is below counts as rest: the likelihood is flat towards no dispersion. */
  private static final double FLAT = 1e-5;

  private static final double SETTLED = 1e-9;
  private static final double LONGEST = 3;
  private static final int MOST = 100;

  /** From here on asymptotic series are exact to rounding. */
  private static final double LARGE = 16;

  private final SampleDesign design;
  private final double least;
  private final double most;
  private final double[] weights;
  private final double[] firstWeights;
  private final double[] secondWeights;
  private final double[] gram;
  private final double[] inverse;
  private final double[] first;
  private final double[] second;
  private final double[] product;
  private final double[] column;
  private double slope;
  private double curvature;

  /**
   * @param least bounds of the dispersion
   */
  CoxReid(SampleDesign design, double least, double most) {
    this.design = design;
    this.least = Elementary.log(least);
    this.most = Elementary.log(most);
    int square = design.p * design.p;
    this.weights = new double[design.n];
    this.firstWeights = new double[design.n];
    this.secondWeights = new double[design.n];
    this.gram = new double[square];
    this.inverse = new double[square];
    this.first = new double[square];
    this.second = new double[square];
    this.product = new double[square];
    this.column = new double[design.p];
  }

  /** Of the likelihood alone. */
  double fit(double[] y, double[] mu, double start) {
    return fit(y, mu, start, 0, Double.POSITIVE_INFINITY);
  }

  /**
   * @param centre of the prior, a logarithm
   * @param variance of the prior; infinite for none
   */
  double fit(double[] y, double[] mu, double start, double centre, double variance) {
    double t = Math.min(most, Math.max(least, Elementary.log(start)));
    evaluate(y, mu, t, centre, variance);
    if (Math.abs(slope) < FLAT) {
      return Elementary.exp(t);
    }
    double left = least;
    double right = most;
    boolean leftSeen = false;
    boolean rightSeen = false;
    for (int iter = 0; iter < MOST; iter++) {
      if (slope < 0) {
        left = t;
        leftSeen = true;
      } else {
        right = t;
        rightSeen = true;
      }
      double next = curvature > 0 ? t - slope / curvature : t - Math.signum(slope);
      next = Math.min(t + LONGEST, Math.max(t - LONGEST, next));
      next = Math.min(right, Math.max(left, next));
      if (leftSeen && rightSeen && !(next > left && next < right)) {
        next = (left + right) / 2;
      }
      if (Math.abs(next - t) < SETTLED) {
        return Elementary.exp(next);
      }
      t = next;
      evaluate(y, mu, t, centre, variance);
    }
    return Elementary.exp(t);
  }

  /** Slope and curvature of minus the logarithm of the posterior, in t, the log dispersion. */
  private void evaluate(double[] y, double[] mu, double t, double centre, double variance) {
    double alpha = Elementary.exp(t);
    slope = (t - centre) / variance;
    curvature = 1 / variance;
    likelihood(y, mu, 1 / alpha);
    adjustment(mu, alpha);
  }

  private void likelihood(double[] y, double[] mu, double r) {
    double digamma = digamma(r);
    double trigamma = trigamma(r);
    double byR = 0;
    double byRr = 0;
    for (int i = 0; i < design.n; i++) {
      double count = y[i];
      if (count <= LARGE) {
        for (int k = 0; k < count; k++) {
          double term = 1 / (r + k);
          byR += term;
          byRr -= term * term;
        }
      } else {
        byR += digamma(count + r) - digamma;
        byRr += trigamma(count + r) - trigamma;
      }
      double total = mu[i] + r;
      double residual = (mu[i] - count) / total;
      byR += residual - Elementary.log1p(mu[i] / r);
      byRr += mu[i] / (r * total) - residual / total;
    }
    slope += r * byR;
    curvature -= r * byR + r * r * byRr;
  }

  /** Half the log determinant of {@code X' W X}, whose weights the dispersion changes. */
  private void adjustment(double[] mu, double alpha) {
    for (int i = 0; i < design.n; i++) {
      double w = mu[i] / (1 + alpha * mu[i]);
      weights[i] = w;
      firstWeights[i] = -alpha * w * w;
      secondWeights[i] = firstWeights[i] * (1 - 2 * alpha * w);
    }
    design.gram(weights, gram);
    design.gram(firstWeights, first);
    design.gram(secondWeights, second);
    int p = design.p;
    if (!SmallCholesky.factor(gram, p)) {
      return;
    }
    SmallCholesky.inverse(gram, p, column, inverse);
    multiply(inverse, first);
    double trace = 0;
    double squareTrace = 0;
    double secondTrace = 0;
    for (int a = 0; a < p; a++) {
      trace += product[a * p + a];
      for (int b = 0; b < p; b++) {
        squareTrace += product[a * p + b] * product[b * p + a];
        secondTrace += inverse[a * p + b] * second[b * p + a];
      }
    }
    slope += trace / 2;
    curvature += (secondTrace - squareTrace) / 2;
  }

  private void multiply(double[] a, double[] b) {
    int p = design.p;
    Arrays.fill(product, 0);
    for (int i = 0; i < p; i++) {
      for (int k = 0; k < p; k++) {
        for (int j = 0; j < p; j++) {
          product[i * p + j] += a[i * p + k] * b[k * p + j];
        }
      }
    }
  }

  private static double digamma(double x) {
    if (x < LARGE) {
      return Digamma.value(x);
    }
    double s = 1 / (x * x);
    return Elementary.log(x)
        - 0.5 / x
        - s * (1 / 12.0 - s * (1 / 120.0 - s * (1 / 252.0 - s * (1 / 240.0 - s / 132))));
  }

  private static double trigamma(double x) {
    if (x < LARGE) {
      return Trigamma.value(x);
    }
    double s = 1 / (x * x);
    double series = 1 / 6.0 - s * (1 / 30.0 - s * (1 / 42.0 - s * (1 / 30.0 - s * 5 / 66)));
    return 1 / x + s / 2 + s / x * series;
  }
}
