package org.cellweave.linalg;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.util.Check;

/**
 * An orthonormal basis Q of given columns, in their order, by Householder reflections; columns that
 * those before determine are left out.
 *
 * <p>The columns kept are {@code C = Q R} with a positive diagonal of R. Cost {@code n k^2}.
 *
 * @param q the basis, one array of n values per column kept
 * @param r upper triangular, row by row
 * @param kept which of the given columns it is of, ascending
 * @see <a href="https://doi.org/10.1137/1.9780898719604">Anderson et al. 1999, LAPACK</a>
 */
public record OrthonormalBasis(double[][] q, double[][] r, int[] kept) {

  /**
   * @param columns of equal length
   * @param least for each column, how much of its length must be left after those before are taken
   *     out for it to be kept
   */
  public static OrthonormalBasis of(double[][] columns, double[] least) {
    Check.sameLength(least.length, columns.length, "least", "the number of columns");
    List<Integer> kept = new ArrayList<>();
    for (int c = 0; c < columns.length; c++) {
      Check.sameLength(
          columns[c].length, columns[0].length, "column " + c, "the length of the first column");
      kept.add(c);
    }
    while (!kept.isEmpty()) {
      int dependent = attempt(columns, least, kept);
      if (dependent < 0) {
        return factored(columns, kept);
      }
      kept.remove(dependent);
    }
    return new OrthonormalBasis(new double[0][], new double[0][], new int[0]);
  }

  /** The place of the first column that those before determine, or -1. */
  private static int attempt(double[][] columns, double[] least, List<Integer> kept) {
    int n = columns[0].length;
    double[] a = packed(columns, kept);
    Lapack.qr(n, kept.size(), a, new double[Math.min(n, kept.size())]);
    for (int k = 0; k < kept.size(); k++) {
      double left = k < n ? Math.abs(a[k * n + k]) : 0;
      if (!(left > least[kept.get(k)])) {
        return k;
      }
    }
    return -1;
  }

  private static OrthonormalBasis factored(double[][] columns, List<Integer> kept) {
    int n = columns[0].length;
    int k = kept.size();
    double[] a = packed(columns, kept);
    double[] tau = new double[k];
    Lapack.qr(n, k, a, tau);
    double[][] r = new double[k][k];
    double[] sign = new double[k];
    for (int i = 0; i < k; i++) {
      sign[i] = a[i * n + i] < 0 ? -1 : 1;
      for (int j = i; j < k; j++) {
        r[i][j] = sign[i] * a[j * n + i];
      }
    }
    Lapack.householder(n, k, a, tau);
    double[][] q = new double[k][n];
    for (int c = 0; c < k; c++) {
      for (int i = 0; i < n; i++) {
        q[c][i] = sign[c] * a[c * n + i];
      }
    }
    return new OrthonormalBasis(q, r, kept.stream().mapToInt(Integer::intValue).toArray());
  }

  private static double[] packed(double[][] columns, List<Integer> kept) {
    int n = columns[0].length;
    double[] a = new double[Math.multiplyExact(n, kept.size())];
    for (int k = 0; k < kept.size(); k++) {
      System.arraycopy(columns[kept.get(k)], 0, a, k * n, n);
    }
    return a;
  }

  /** Number of columns kept. */
  public int rank() {
    return kept.length;
  }

  /** The basis as n rows of {@link #rank()} values. */
  public double[] byRow() {
    int n = q.length == 0 ? 0 : q[0].length;
    double[] out = new double[n * q.length];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < q.length; c++) {
        out[i * q.length + c] = q[c][i];
      }
    }
    return out;
  }

  /** Euclidean length. */
  public static double length(double[] v) {
    double sum = 0;
    for (double a : v) {
      sum += a * a;
    }
    return Math.sqrt(sum);
  }
}
