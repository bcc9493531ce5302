package org.cellweave.integrate.mosaic;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.util.Parallel;

/**
 * Least squares with an intercept in which a feature that lies in the span of those before it is
 * left out, as R's linear models do: with fewer cells than features the result depends on their
 * order and fits the cells exactly. Here to be held against the original; {@link RidgeFit} is the
 * better way.
 *
 * @param w features by targets, row-major; zero for features left out
 * @param intercept one for every target
 * @param used features that were not left out
 */
record SequentialFit(double[] w, double[] intercept, int used) {
  private static final double DEPENDENT = 1e-7;
  private static final int TARGETS = 8;

  /**
   * Orthonormal features with an intercept before them.
   *
   * @param basis orthonormal, each of one number a cell
   * @param triangle what the kept features are in these
   * @param kept which features were not left out, the intercept as -1
   * @param nFeatures with those left out
   */
  record Basis(List<double[]> basis, List<double[]> triangle, List<Integer> kept, int nFeatures) {

    static Basis of(double[][] features, int nCells) {
      var out = new Basis(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), features.length);
      double[] ones = new double[nCells];
      java.util.Arrays.fill(ones, 1);
      out.add(ones, -1);
      for (int f = 0; f < features.length && out.basis.size() < nCells; f++) {
        Parallel.checkInterrupted();
        out.add(features[f], f);
      }
      return out;
    }

    private void add(double[] column, int index) {
      SequentialFit.add(column, index, basis, triangle, kept);
    }

    long bytes() {
      return basis.stream().mapToLong(b -> Double.BYTES * (long) b.length).sum();
    }
  }

  static SequentialFit of(Basis of, double[][] targets) {
    List<double[]> basis = of.basis();
    List<double[]> triangle = of.triangle();
    List<Integer> kept = of.kept();
    int k = targets.length;
    double[] w = new double[of.nFeatures() * k];
    double[] intercept = new double[k];
    Parallel.forRange(
        k,
        TARGETS,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            double[] solved = solve(basis, triangle, targets[r]);
            intercept[r] = solved[0];
            for (int c = 1; c < solved.length; c++) {
              w[kept.get(c) * k + r] = solved[c];
            }
          }
        });
    return new SequentialFit(w, intercept, kept.size() - 1);
  }

  private static void add(
      double[] column,
      int index,
      List<double[]> basis,
      List<double[]> triangle,
      List<Integer> kept) {
    double[] rest = column.clone();
    double[] along = new double[basis.size() + 1];
    double before = Math.sqrt(dot(rest, rest));
    // a second pass takes out what rounding left in the first
    for (int pass = 0; pass < 2; pass++) {
      for (int b = 0; b < basis.size(); b++) {
        double share = dot(basis.get(b), rest);
        along[b] += share;
        subtract(rest, share, basis.get(b));
      }
    }
    double length = Math.sqrt(dot(rest, rest));
    if (!(length > DEPENDENT * before)) {
      return;
    }
    for (int i = 0; i < rest.length; i++) {
      rest[i] /= length;
    }
    along[basis.size()] = length;
    basis.add(rest);
    triangle.add(along);
    kept.add(index);
  }

  private static double[] solve(List<double[]> basis, List<double[]> triangle, double[] target) {
    double[] rest = target.clone();
    double[] x = new double[basis.size()];
    for (int b = 0; b < x.length; b++) {
      x[b] = dot(basis.get(b), rest);
      subtract(rest, x[b], basis.get(b));
    }
    for (int c = x.length - 1; c >= 0; c--) {
      double[] column = triangle.get(c);
      x[c] /= column[c];
      for (int b = 0; b < c; b++) {
        x[b] -= x[c] * column[b];
      }
    }
    return x;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void subtract(double[] from, double factor, double[] what) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= factor * what[i];
    }
  }
}
