package org.cellweave.integrate.factor;

import org.cellweave.util.Parallel;

/** Small products of matrices whose rows have one number for each factor. */
final class FactorAlgebra {
  private static final int ROWS = 1024;

  private FactorAlgebra() {}

  /** {@code A'B}, k by k, of matrices with k columns; summed in fixed blocks of rows. */
  static double[][] inner(double[] a, double[] b, int k) {
    int n = a.length / k;
    var parts =
        Parallel.map(
            Parallel.nBlocks(n, ROWS),
            block -> {
              double[][] sum = new double[k][k];
              for (int i = block * ROWS; i < Math.min(n, (block + 1) * ROWS); i++) {
                for (int f = 0; f < k; f++) {
                  double v = a[i * k + f];
                  for (int g = 0; v != 0 && g < k; g++) {
                    sum[f][g] += v * b[i * k + g];
                  }
                }
              }
              return sum;
            });
    double[][] out = new double[k][k];
    parts.forEach(part -> addTimes(1, part, out));
    return out;
  }

  static void addTimes(double factor, double[][] what, double[][] sum) {
    for (int f = 0; f < sum.length; f++) {
      for (int g = 0; g < sum.length; g++) {
        sum[f][g] += factor * what[f][g];
      }
    }
  }

  /** {@code out -= A G}, for a symmetric G of k by k. */
  static void subtractTimes(double[] a, double[][] g, double[] out) {
    int k = g.length;
    Parallel.forRange(
        a.length / k,
        ROWS,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            for (int f = 0; f < k; f++) {
              double v = a[i * k + f];
              for (int c = 0; v != 0 && c < k; c++) {
                out[i * k + c] -= v * g[f][c];
              }
            }
          }
        });
  }

  /** Entry by entry. */
  static double[] sum(double[] a, double[] b) {
    double[] out = a.clone();
    for (int c = 0; c < out.length; c++) {
      out[c] += b[c];
    }
    return out;
  }

  /** The rows at some places, in their order. */
  static double[] rows(double[] of, int[] at, int k) {
    double[] out = new double[at.length * k];
    for (int i = 0; i < at.length; i++) {
      System.arraycopy(of, at[i] * k, out, i * k, k);
    }
    return out;
  }

  /** Puts rows where {@link #rows} takes them from. */
  static void putRows(double[] rows, int[] at, int k, double[] into) {
    for (int i = 0; i < at.length; i++) {
      System.arraycopy(rows, i * k, into, at[i] * k, k);
    }
  }

  /** {@code |X - Y H|^2 - |X|^2}, from inner products alone: no residual is made. */
  static double misfit(double[] xh, double[][] hh, double[] y) {
    return dot(inner(y, y, hh.length), hh) - 2 * dot(xh, y);
  }

  /** Sum of the products of the entries. */
  static double dot(double[][] a, double[][] b) {
    double sum = 0;
    for (int f = 0; f < a.length; f++) {
      for (int g = 0; g < a.length; g++) {
        sum += a[f][g] * b[f][g];
      }
    }
    return sum;
  }

  /** Sum of the products of the entries. */
  static double dot(double[] a, double[] b) {
    return Parallel.sum(
        a.length,
        ROWS * 32,
        (from, to) -> {
          double sum = 0;
          for (int i = from; i < to; i++) {
            sum += a[i] * b[i];
          }
          return sum;
        });
  }
}
