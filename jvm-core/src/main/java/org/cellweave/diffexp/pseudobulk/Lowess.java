package org.cellweave.diffexp.pseudobulk;

import java.util.Arrays;
import org.cellweave.util.Median;

/**
 * Robust locally weighted regression of a few points.
 *
 * @see <a href="https://doi.org/10.1080/01621459.1979.10481038">Cleveland 1979</a>
 */
final class Lowess {
  private static final int ROBUST_ROUNDS = 3;

  private Lowess() {}

  /**
   * @param x ascending
   * @param share of the points that each fit sees
   * @return fitted values at {@code x}
   */
  static double[] fit(double[] x, double[] y, double share) {
    int n = x.length;
    int near = Math.max(2, Math.min(n, (int) (share * n + 1e-7)));
    double[] robust = new double[n];
    Arrays.fill(robust, 1);
    double[] fitted = new double[n];
    for (int round = 0; round <= ROBUST_ROUNDS; round++) {
      for (int i = 0; i < n; i++) {
        fitted[i] = at(x, y, robust, i, near);
      }
      if (round < ROBUST_ROUNDS && !reweigh(y, fitted, robust)) {
        break;
      }
    }
    return fitted;
  }

  private static double at(double[] x, double[] y, double[] robust, int i, int near) {
    int first = Math.max(0, i - near + 1);
    while (first + near < x.length && x[first + near] - x[i] < x[i] - x[first]) {
      first++;
    }
    double reach = Math.max(x[i] - x[first], x[first + near - 1] - x[i]);
    double total = 0;
    double meanX = 0;
    double meanY = 0;
    double[] weights = new double[near];
    for (int k = 0; k < near; k++) {
      double u = Math.abs(x[first + k] - x[i]) / reach;
      double cube = 1 - u * u * u;
      weights[k] = u < 0.999 ? robust[first + k] * (u <= 0.001 ? 1 : cube * cube * cube) : 0;
      total += weights[k];
      meanX += weights[k] * x[first + k];
      meanY += weights[k] * y[first + k];
    }
    if (!(total > 0)) {
      return y[i];
    }
    meanX /= total;
    meanY /= total;
    double square = 0;
    double product = 0;
    for (int k = 0; k < near; k++) {
      double dx = x[first + k] - meanX;
      square += weights[k] * dx * dx;
      product += weights[k] * dx * y[first + k];
    }
    double range = x[x.length - 1] - x[0];
    boolean sloped = Math.sqrt(square / total) > 0.001 * range;
    return meanY + (sloped ? product / square * (x[i] - meanX) : 0);
  }

  /** Bisquare weights of residuals; false when the fit is exact. */
  private static boolean reweigh(double[] y, double[] fitted, double[] robust) {
    double[] off = new double[y.length];
    Arrays.setAll(off, k -> Math.abs(y[k] - fitted[k]));
    double bound = 6 * Median.of(off);
    if (bound < 1e-7 * Arrays.stream(off).average().orElse(0) || bound == 0) {
      return false;
    }
    for (int k = 0; k < off.length; k++) {
      double u = off[k] / bound;
      double bisquare = 1 - u * u;
      robust[k] = u > 0.999 ? 0 : u <= 0.001 ? 1 : bisquare * bisquare;
    }
    return true;
  }
}
