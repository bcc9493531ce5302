package org.cellweave.clonal.association;

import java.util.Arrays;
import org.cellweave.internal.Ordering;
import org.cellweave.linalg.OrthonormalBasis;

/**
 * Cubic B-splines of one feature with a constant, as an orthonormal basis over the clones; built
 * once for all responses.
 *
 * <p>Knots lie at quantiles of the feature, its extremes are the ends, and of the splines the first
 * is left out: {@code bs(x, df)} of R and patsy. Clones of one value share a point, so that a
 * sparse feature has few. Unlike in patsy, the last spline is one at the upper end even where a
 * knot falls on it.
 *
 * @see <a href="https://doi.org/10.1016/0021-9045(72)90080-9">de Boor 1972</a>
 */
final class SplineBasis {
  /** Degree of the splines. */
  static final int DEGREE = 3;

  private static final double RELATIVE = 1e-5;
  private static final double ABSOLUTE = 1e-8;
  private static final double EPSILON = Math.ulp(1.0);

  /** Where each clone lies among the points, which ascend. */
  final int[] point;

  final int nPoints;

  /** Point after point, {@link #rank} numbers each; orthonormal when every clone counts as one. */
  final double[] q;

  final int rank;

  private SplineBasis(int[] point, int nPoints, double[] q, int rank) {
    this.point = point;
    this.nPoints = nPoints;
    this.q = q;
    this.rank = rank;
  }

  /** Whether all values are the same but for rounding, so that nothing can follow them. */
  static boolean isConstant(double[] x) {
    for (double v : x) {
      if (Math.abs(v - x[0]) > ABSOLUTE + RELATIVE * Math.abs(x[0])) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param x not {@link #isConstant constant}
   * @param df splines beside the constant, at least {@link #DEGREE}
   */
  static SplineBasis of(double[] x, int df) {
    int n = x.length;
    int[] order = Ordering.ascending(x);
    double[] sorted = new double[n];
    int[] point = new int[n];
    double[] at = new double[n];
    double[] count = new double[n];
    int nPoints = 0;
    for (int p = 0; p < n; p++) {
      sorted[p] = x[order[p]];
      if (p == 0 || sorted[p] != sorted[p - 1]) {
        at[nPoints++] = sorted[p];
      }
      point[order[p]] = nPoints - 1;
      count[nPoints - 1]++;
    }
    double[][] columns = columns(at, nPoints, count, knots(sorted, df));
    double size = 0;
    for (double[] column : columns) {
      for (double v : column) {
        size += v * v;
      }
    }
    double[] least = new double[columns.length];
    Arrays.fill(least, Math.sqrt(size) * Math.max(n, columns.length) * EPSILON);
    double[][] basis = OrthonormalBasis.of(columns, least).q();
    double[] q = new double[nPoints * basis.length];
    for (int c = 0; c < basis.length; c++) {
      for (int p = 0; p < nPoints; p++) {
        q[p * basis.length + c] = basis[c][p] / Math.sqrt(count[p]);
      }
    }
    return new SplineBasis(point, nPoints, q, basis.length);
  }

  /** The constant and all splines but the first, each times the root of the clones at a point. */
  private static double[][] columns(double[] at, int nPoints, double[] count, double[] knots) {
    int splines = knots.length - DEGREE - 1;
    double[][] columns = new double[splines][nPoints];
    double[] h = new double[DEGREE + 1];
    for (int p = 0; p < nPoints; p++) {
      double root = Math.sqrt(count[p]);
      columns[0][p] = root;
      int first = splinesAt(at[p], knots, h);
      for (int k = 0; k <= DEGREE; k++) {
        if (first + k > 0) {
          columns[first + k][p] = root * h[k];
        }
      }
    }
    return columns;
  }

  /**
   * Values of the splines that are not zero at {@code x}, by de Boor's recursion.
   *
   * @return the number of the first of them
   */
  private static int splinesAt(double x, double[] t, double[] h) {
    int last = t.length - DEGREE - 2;
    int l = DEGREE;
    while (l < last && x >= t[l + 1]) {
      l++;
    }
    while (t[l] == t[l + 1]) {
      l--;
    }
    double[] before = new double[DEGREE + 1];
    h[0] = 1;
    for (int j = 1; j <= DEGREE; j++) {
      System.arraycopy(h, 0, before, 0, j);
      h[0] = 0;
      for (int i = 1; i <= j; i++) {
        double right = t[l + i];
        double left = t[l + i - j];
        double f = right == left ? 0 : before[i - 1] / (right - left);
        h[i - 1] += f * (right - x);
        h[i] = f * (x - left);
      }
    }
    return l - DEGREE;
  }

  /** Both ends four times and the quantiles between them, ascending. */
  private static double[] knots(double[] sorted, int df) {
    int inner = df - DEGREE;
    double[] knots = new double[inner + 2 * (DEGREE + 1)];
    double step = 1.0 / (inner + 1);
    Arrays.fill(knots, 0, DEGREE + 1, sorted[0]);
    for (int k = 1; k <= inner; k++) {
      knots[DEGREE + k] = quantile(sorted, 100 * (k * step) / 100);
    }
    Arrays.fill(knots, DEGREE + 1 + inner, knots.length, sorted[sorted.length - 1]);
    return knots;
  }

  /** Linear between two values, in the steps of numpy, so that knots among ties are the same. */
  private static double quantile(double[] sorted, double share) {
    double place = (sorted.length - 1) * share;
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    double part = place - below;
    double gap = sorted[above] - sorted[below];
    return part >= 0.5 ? sorted[above] - gap * (1 - part) : sorted[below] + gap * part;
  }
}
