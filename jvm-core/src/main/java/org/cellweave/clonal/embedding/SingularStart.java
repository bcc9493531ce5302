package org.cellweave.clonal.embedding;

import org.cellweave.linalg.LeadingEigen;
import org.cellweave.linalg.SymmetricEigen;
import org.cellweave.util.Elementary;

/**
 * Coordinates to start from: the leading singular vectors of the logarithms of the counts (of one
 * plus each), times the square roots of their values; the largest entry of a context vector is
 * positive.
 */
final class SingularStart {
  /** Singular values below this share of the largest have no direction worth the name. */
  private static final double LEAST = 1e-10;

  private SingularStart() {}

  /** Writes u and v of d dimensions to {@code x}, as {@link SoftmaxLoss} lays them out; b stays. */
  static void write(ContextCounts data, int d, long seed, double[] x) {
    double[] logs = new double[data.counts.length];
    for (int p = 0; p < logs.length; p++) {
      logs[p] = Elementary.log1p(data.counts[p]);
    }
    int m = data.nCols;
    double[] rows = new double[data.nRows];
    var task =
        new LeadingEigen.Task(
            m,
            d,
            LeadingEigen.Order.LARGEST,
            0,
            seed,
            "the start of the embedding",
            "Start at random instead");
    var pairs =
        LeadingEigen.pairs(
            task,
            (v, out) -> {
              times(data, logs, v, 0, rows);
              timesTransposed(data, logs, rows, out);
            });
    double largest = Math.sqrt(Math.max(0, pairs.values()[0]));
    for (int c = 0; c < d; c++) {
      double singular = Math.sqrt(Math.max(0, pairs.values()[c]));
      boolean counts = singular > LEAST * largest;
      double root = Math.sqrt(singular) * SymmetricEigen.sign(pairs.vectors(), c * m, 1, m);
      times(data, logs, pairs.vectors(), c * m, rows);
      for (int i = 0; i < data.nRows; i++) {
        x[i * d + c] = counts ? rows[i] * root / singular : 0;
      }
      for (int j = 0; j < m; j++) {
        x[data.nRows * d + c * m + j] = counts ? pairs.vectors()[c * m + j] * root : 0;
      }
    }
  }

  private static void times(ContextCounts data, double[] a, double[] v, int from, double[] out) {
    for (int i = 0; i < data.nRows; i++) {
      double sum = 0;
      for (int p = data.start[i]; p < data.start[i + 1]; p++) {
        sum += a[p] * v[from + data.at[p]];
      }
      out[i] = sum;
    }
  }

  private static void timesTransposed(ContextCounts data, double[] a, double[] v, double[] out) {
    java.util.Arrays.fill(out, 0);
    for (int i = 0; i < data.nRows; i++) {
      for (int p = data.start[i]; p < data.start[i + 1]; p++) {
        out[data.at[p]] += a[p] * v[i];
      }
    }
  }
}
