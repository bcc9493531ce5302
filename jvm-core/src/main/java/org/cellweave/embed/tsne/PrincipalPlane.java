package org.cellweave.embed.tsne;

import org.cellweave.linalg.LeadingEigen;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Parallel;

/** Scores of the cells on their first two principal components; a sparse matrix stays sparse. */
final class PrincipalPlane {
  private static final int BLOCK = 1024;
  private static final int MAX_BLOCKS = 64;
  private static final int LEAST = 4;
  private static final double ACCURACY = 1e-6;

  private final int n;
  private final int d;
  private final int block;
  private final DenseMatrix dense;
  private final CsrMatrix sparse;
  private final double[] mean;

  private PrincipalPlane(Matrix x) {
    n = x.nRows();
    d = x.nCols();
    block = Math.max(BLOCK, Parallel.nBlocks(n, MAX_BLOCKS));
    dense = x instanceof DenseMatrix m ? m : null;
    sparse = dense == null ? x.toCsr() : null;
    mean = x.colSums();
    for (int j = 0; j < d; j++) {
      mean[j] /= n;
    }
  }

  /** First and second score of each cell in turn; each axis points where its largest loading is. */
  static double[] scores(Matrix x, long seed) {
    if (x.nCols() < 2) {
      throw new IllegalArgumentException(
          "init = pca needs at least 2 columns, got " + x.describe() + ". Use init = random.");
    }
    return new PrincipalPlane(x).scores(seed);
  }

  private double[] scores(long seed) {
    // ARPACK wants more dimensions than vectors; the added ones are empty.
    int size = Math.max(d, LEAST);
    var task =
        new LeadingEigen.Task(
            size,
            2,
            LeadingEigen.Order.LARGEST,
            ACCURACY,
            seed,
            "the first two principal components",
            "Use init = random.");
    double[] axes = LeadingEigen.pairs(task, this::covariance).vectors();
    double[] out = new double[2 * n];
    for (int c = 0; c < 2; c++) {
      double[] axis = java.util.Arrays.copyOfRange(axes, c * size, c * size + d);
      int largest = 0;
      for (int j = 0; j < d; j++) {
        largest = Math.abs(axis[j]) > Math.abs(axis[largest]) ? j : largest;
      }
      double sign = axis[largest] < 0 ? -1 : 1;
      double[] score = new double[n];
      Parallel.forRange(n, block, (from, to) -> project(from, to, axis, score));
      for (int i = 0; i < n; i++) {
        out[2 * i + c] = sign * score[i];
      }
    }
    return out;
  }

  private void covariance(double[] v, double[] out) {
    double[] score = new double[n];
    var parts =
        Parallel.map(
            Parallel.nBlocks(n, block),
            b -> {
              int from = b * block;
              int to = Math.min(n, from + block);
              project(from, to, v, score);
              return back(from, to, score);
            });
    java.util.Arrays.fill(out, 0);
    for (double[] part : parts) {
      for (int j = 0; j < d; j++) {
        out[j] += part[j] / n;
      }
    }
  }

  private void project(int from, int to, double[] v, double[] score) {
    double shift = 0;
    for (int j = 0; j < d; j++) {
      shift += mean[j] * v[j];
    }
    double[] row = dense == null ? null : new double[d];
    for (int i = from; i < to; i++) {
      double sum = -shift;
      if (dense != null) {
        dense.readRow(i, row);
        for (int j = 0; j < d; j++) {
          sum += row[j] * v[j];
        }
      } else {
        var rows = sparse.blockOf(i);
        for (int p = rows.start(i); p < rows.end(i); p++) {
          sum += rows.value(p) * v[rows.indices()[p]];
        }
      }
      score[i] = sum;
    }
  }

  private double[] back(int from, int to, double[] score) {
    double[] out = new double[d];
    double[] row = dense == null ? null : new double[d];
    double total = 0;
    for (int i = from; i < to; i++) {
      total += score[i];
      if (dense != null) {
        dense.readRow(i, row);
        for (int j = 0; j < d; j++) {
          out[j] += row[j] * score[i];
        }
      } else {
        var rows = sparse.blockOf(i);
        for (int p = rows.start(i); p < rows.end(i); p++) {
          out[rows.indices()[p]] += rows.value(p) * score[i];
        }
      }
    }
    for (int j = 0; j < d; j++) {
      out[j] -= mean[j] * total;
    }
    return out;
  }
}
