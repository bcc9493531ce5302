package org.cellweave.diffexp.pseudobulk;

import java.util.Arrays;
import org.cellweave.linalg.Lbfgs;
import org.cellweave.linalg.SmallCholesky;
import org.cellweave.util.Elementary;

/**
 * Coefficients of one gene at a time with its dispersion given: log link, size factors as offsets,
 * a slight ridge, by iteratively reweighted least squares; where these do not settle, by L-BFGS.
 *
 * <p>Keeps buffers, so that every thread needs its own.
 */
final class NegativeBinomialGlm {
  /** Ridge on coefficients in natural logarithms: enough to make every system solvable. */
  static final double RIDGE = 1e-6;

  /** Added to counts before the first logarithm. */
  private static final double START = 0.1;

  private static final double SETTLED = 1e-9;

  /** Coefficients beyond say that the iterations run away. */
  private static final double FAR = 30;

  private static final Lbfgs.Stop STOP = new Lbfgs.Stop(500, 1e-6, 0);

  private final SampleDesign design;
  private final int maxIter;
  private final double minMu;
  private final double[] beta;
  private final double[] mu;
  private final double[] weights;
  private final double[] buffer;
  private final double[] gram;
  private final double[] inverse;
  private final double[] side;
  private final double[] column;

  /**
   * @param minMu means below count as this in weights
   */
  NegativeBinomialGlm(SampleDesign design, int maxIter, double minMu) {
    this.design = design;
    this.maxIter = maxIter;
    this.minMu = minMu;
    this.beta = new double[design.p];
    this.mu = new double[design.n];
    this.weights = new double[design.n];
    this.buffer = new double[design.n];
    this.gram = new double[design.p * design.p];
    this.inverse = new double[design.p * design.p];
    this.side = new double[design.p];
    this.column = new double[design.p];
  }

  /** Natural logarithms, of the last fit; overwritten by the next. */
  double[] beta() {
    return beta;
  }

  /** Expected counts of the last fit; overwritten by the next. */
  double[] mu() {
    return mu;
  }

  /** Takes coefficients that were fitted before. */
  void place(double[] fitted) {
    System.arraycopy(fitted, 0, beta, 0, design.p);
    predict(0);
  }

  /**
   * @return whether it settled
   */
  boolean fit(double[] y, double alpha) {
    start(y);
    boolean settled = false;
    for (int iter = 0; iter < maxIter && !settled; iter++) {
      predict(minMu);
      double change = reweighted(y, alpha);
      if (!(change < Double.POSITIVE_INFINITY)) {
        break;
      }
      settled = change <= SETTLED;
    }
    if (!settled) {
      start(y);
      var found = Lbfgs.minimise((b, slope) -> at(y, alpha, b, slope), beta, STOP, (i, b, v) -> {});
      System.arraycopy(found.x(), 0, beta, 0, design.p);
      settled = found.converged();
    }
    predict(0);
    return settled;
  }

  private void start(double[] y) {
    for (int i = 0; i < design.n; i++) {
      buffer[i] = Elementary.log(y[i] / design.sizeFactors[i] + START);
    }
    design.leastSquares(buffer, beta);
  }

  private void predict(double least) {
    for (int i = 0; i < design.n; i++) {
      mu[i] = Math.max(least, design.sizeFactors[i] * Elementary.exp(design.predictor(i, beta)));
    }
  }

  /** One step; the largest change of a coefficient, infinite where it leads nowhere. */
  private double reweighted(double[] y, double alpha) {
    factorWeighted(alpha);
    Arrays.fill(side, 0);
    for (int i = 0; i < design.n; i++) {
      double working = Elementary.log(mu[i] / design.sizeFactors[i]) + (y[i] - mu[i]) / mu[i];
      for (int c = 0; c < design.p; c++) {
        side[c] += design.x[i * design.p + c] * weights[i] * working;
      }
    }
    SmallCholesky.solve(gram, design.p, side);
    double change = 0;
    for (int c = 0; c < design.p; c++) {
      change = Math.max(change, Math.abs(side[c] - beta[c]));
      if (!(Math.abs(side[c]) <= FAR)) {
        return Double.POSITIVE_INFINITY;
      }
      beta[c] = side[c];
    }
    return change;
  }

  private void factorWeighted(double alpha) {
    for (int i = 0; i < design.n; i++) {
      weights[i] = mu[i] / (1 + alpha * mu[i]);
    }
    design.gram(weights, gram);
    for (int c = 0; c < design.p; c++) {
      gram[c * design.p + c] += RIDGE;
    }
    SmallCholesky.factor(gram, design.p);
  }

  /** Minus the log-likelihood as far as coefficients change it, with the ridge. */
  private double at(double[] y, double alpha, double[] b, double[] slope) {
    double value = 0;
    for (int c = 0; c < design.p; c++) {
      value += RIDGE / 2 * b[c] * b[c];
      slope[c] = RIDGE * b[c];
    }
    for (int i = 0; i < design.n; i++) {
      double eta = Elementary.log(design.sizeFactors[i]) + design.predictor(i, b);
      double mean = Elementary.exp(eta);
      value += (y[i] + 1 / alpha) * Elementary.log1p(alpha * mean) - y[i] * eta;
      double residual = (mean - y[i]) / (1 + alpha * mean);
      for (int c = 0; c < design.p; c++) {
        slope[c] += residual * design.x[i * design.p + c];
      }
    }
    return value;
  }

  /**
   * Standard error of {@code contrast} at the last fit, in natural logarithms: the ridge shrinks
   * it, as it shrinks the coefficients.
   */
  double standardError(double alpha, double[] contrast) {
    invertWeighted(alpha);
    int p = design.p;
    double[] left = new double[p];
    for (int r = 0; r < p; r++) {
      for (int c = 0; c < p; c++) {
        left[r] += inverse[r * p + c] * contrast[c];
      }
    }
    double variance = 0;
    for (int i = 0; i < design.n; i++) {
      double part = design.predictor(i, left);
      variance += weights[i] * part * part;
    }
    return Math.sqrt(variance);
  }

  /** Leverages of the samples at the last fit. */
  void hat(double alpha, double[] out) {
    for (int i = 0; i < design.n; i++) {
      mu[i] = Math.max(minMu, mu[i]);
    }
    invertWeighted(alpha);
    for (int i = 0; i < design.n; i++) {
      out[i] = weights[i] * quadratic(i);
    }
    predict(0);
  }

  private double quadratic(int i) {
    int p = design.p;
    double sum = 0;
    for (int r = 0; r < p; r++) {
      for (int c = 0; c < p; c++) {
        sum += design.x[i * p + r] * inverse[r * p + c] * design.x[i * p + c];
      }
    }
    return sum;
  }

  private void invertWeighted(double alpha) {
    factorWeighted(alpha);
    SmallCholesky.inverse(gram, design.p, column, inverse);
  }
}
