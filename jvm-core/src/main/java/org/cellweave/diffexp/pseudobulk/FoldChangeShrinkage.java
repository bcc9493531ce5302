package org.cellweave.diffexp.pseudobulk;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cellweave.linalg.SmallCholesky;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Fold changes as posterior modes under a Cauchy prior around zero, whose scale is that of all
 * genes' fold changes without their errors; other coefficients have a wide normal prior.
 *
 * @param effects natural logarithms
 * @param errors by the curvature at the mode
 * @param scale of the prior
 * @see <a href="https://doi.org/10.1093/bioinformatics/bty895">Zhu, Ibrahim and Love 2019</a>
 */
record FoldChangeShrinkage(double[] effects, double[] errors, double scale) {
  private static final double WIDE = 15;
  private static final double LEAST_VARIANCE = 1e-6;
  private static final double MOST_VARIANCE = 400;
  private static final double SETTLED = 1e-9;
  private static final int MOST = 200;

  /**
   * @param contrast one coefficient, or its opposite
   * @param effects without shrinkage; NaN for genes that are left as they are
   */
  static FoldChangeShrinkage of(
      NegativeBinomialFit fit, double[] contrast, double[] effects, double[] errors) {
    int[] used = IntStream.range(0, contrast.length).filter(c -> contrast[c] != 0).toArray();
    if (used.length != 1 || Math.abs(contrast[used[0]]) != 1) {
      throw new IllegalArgumentException(
          "lfcShrink needs a contrast that is one coefficient, got "
              + Arrays.toString(contrast)
              + ". Compare with the first level of a column, or reorder its categories");
    }
    double scale = Math.min(1, Math.sqrt(variance(effects, errors)));
    double[] shrunk = effects.clone();
    double[] own = errors.clone();
    Parallel.forRange(
        effects.length,
        GeneDispersions.GENES_PER_BLOCK,
        (from, to) -> {
          var mode = new Mode(fit.design, used[0], scale);
          for (int g = from; g < to; g++) {
            if (!Double.isNaN(effects[g])) {
              double[] beta = fit.coefficients.beta()[g];
              mode.find(fit.counts[g], fit.dispersions.shrunk()[g], beta);
              shrunk[g] = contrast[used[0]] * mode.beta[used[0]];
              own[g] = mode.error();
            }
          }
        });
    return new FoldChangeShrinkage(shrunk, own, scale);
  }

  /** The variance of true effects, given those seen with their errors; Efron and Morris 1975. */
  private static double variance(double[] effects, double[] errors) {
    double low = LEAST_VARIANCE;
    double high = MOST_VARIANCE;
    if (excess(effects, errors, low) < 0) {
      return low;
    }
    for (int k = 0; k < 200; k++) {
      double middle = Math.sqrt(low * high);
      if (excess(effects, errors, middle) > 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** How far the effects speak for a larger variance. */
  private static double excess(double[] effects, double[] errors, double variance) {
    double sum = 0;
    double weights = 0;
    for (int g = 0; g < effects.length; g++) {
      double square = errors[g] * errors[g];
      if (!Double.isNaN(effects[g])) {
        double weight = 1 / ((variance + square) * (variance + square));
        sum += weight * (effects[g] * effects[g] - square);
        weights += weight;
      }
    }
    return sum / weights - variance;
  }

  /** The posterior mode of one gene at a time, by Newton's method with halved steps. */
  private static final class Mode {
    private final SampleDesign design;
    private final int shrunk;
    private final double scale;
    private final double[] weights;
    private final double[] slope;
    private final double[] hessian;
    private final double[] factor;
    private final double[] column;
    private double[] beta;

    Mode(SampleDesign design, int shrunk, double scale) {
      this.design = design;
      this.shrunk = shrunk;
      this.scale = scale;
      this.weights = new double[design.n];
      this.slope = new double[design.p];
      this.hessian = new double[design.p * design.p];
      this.factor = new double[design.p * design.p];
      this.column = new double[design.p];
    }

    void find(double[] y, double alpha, double[] from) {
      beta = from.clone();
      double value = at(y, alpha, beta);
      for (int iter = 0; iter < MOST; iter++) {
        differentiate(y, alpha);
        double[] step = slope.clone();
        System.arraycopy(hessian, 0, factor, 0, hessian.length);
        for (double ridge = 1e-8; !SmallCholesky.factor(factor, design.p); ridge *= 10) {
          System.arraycopy(hessian, 0, factor, 0, hessian.length);
          for (int c = 0; c < design.p; c++) {
            factor[c * design.p + c] += ridge * (1 + Math.abs(hessian[c * design.p + c]));
          }
        }
        SmallCholesky.solve(factor, design.p, step);
        double longest = Arrays.stream(step).map(Math::abs).max().orElse(0);
        double next = Double.NaN;
        double[] tried = beta;
        for (double share = Math.min(1, 5 / longest); share > 1e-10; share /= 2) {
          tried = beta.clone();
          for (int c = 0; c < design.p; c++) {
            tried[c] -= share * step[c];
          }
          next = at(y, alpha, tried);
          if (next <= value) {
            break;
          }
        }
        if (!(next <= value)) {
          break;
        }
        beta = tried;
        value = next;
        if (longest < SETTLED) {
          break;
        }
      }
      differentiate(y, alpha);
    }

    private double at(double[] y, double alpha, double[] b) {
      double value = Elementary.log1p(b[shrunk] * b[shrunk] / (scale * scale));
      for (int c = 0; c < design.p; c++) {
        value += c == shrunk ? 0 : b[c] * b[c] / (2 * WIDE * WIDE);
      }
      for (int i = 0; i < design.n; i++) {
        double eta = Elementary.log(design.sizeFactors[i]) + design.predictor(i, b);
        value += (y[i] + 1 / alpha) * Elementary.log1p(alpha * Elementary.exp(eta)) - y[i] * eta;
      }
      return value;
    }

    private void differentiate(double[] y, double alpha) {
      Arrays.fill(slope, 0);
      for (int i = 0; i < design.n; i++) {
        double mu = design.sizeFactors[i] * Elementary.exp(design.predictor(i, beta));
        double spread = 1 + alpha * mu;
        weights[i] = mu * (1 + alpha * y[i]) / (spread * spread);
        for (int c = 0; c < design.p; c++) {
          slope[c] += design.x[i * design.p + c] * (mu - y[i]) / spread;
        }
      }
      design.gram(weights, hessian);
      for (int c = 0; c < design.p; c++) {
        if (c != shrunk) {
          slope[c] += beta[c] / (WIDE * WIDE);
          hessian[c * design.p + c] += 1 / (WIDE * WIDE);
        }
      }
      double b = beta[shrunk];
      double square = scale * scale + b * b;
      slope[shrunk] += 2 * b / square;
      hessian[shrunk * design.p + shrunk] += 2 * (scale * scale - b * b) / (square * square);
    }

    double error() {
      System.arraycopy(hessian, 0, factor, 0, hessian.length);
      if (!SmallCholesky.factor(factor, design.p)) {
        return Double.NaN;
      }
      Arrays.fill(column, 0);
      column[shrunk] = 1;
      SmallCholesky.solve(factor, design.p, column);
      return Math.sqrt(column[shrunk]);
    }
  }
}
