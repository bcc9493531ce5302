package org.cellweave.diffexp;

import org.cellweave.matrix.ColumnSums;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;

/** Mean of every column, missing values left out. */
final class GeneMeans {
  private static final int PARTS = 64;

  private GeneMeans() {}

  static double[] of(Matrix x) {
    Matrix rows = x instanceof DenseMatrix ? x : x.toCsr();
    int[] bounds = rows instanceof CsrMatrix csr ? csr.partBounds(PARTS) : evenly(x.nRows());
    var sums =
        GroupSums.byPart(Rows.of(rows), new int[x.nRows()], 1, bounds).collect(GeneMeans::add)[0];
    double[] mean = new double[x.nCols()];
    for (int j = 0; j < mean.length; j++) {
      mean[j] = sums.sum()[j] / (x.nRows() - sums.counted()[j]);
    }
    return mean;
  }

  private static int[] evenly(int nRows) {
    int nParts = Math.min(PARTS, nRows);
    int[] bounds = new int[nParts + 1];
    for (int p = 0; p < nParts; p++) {
      bounds[p + 1] = (int) ((long) nRows * (p + 1) / nParts);
    }
    return bounds;
  }

  /** Counts the missing values. */
  private static void add(int group, int[] at, int start, double[] v, int n, ColumnSums to) {
    double[] sum = to.sum();
    for (int k = 0; k < n; k++) {
      int j = at[start + k];
      if (Double.isNaN(v[k])) {
        to.counted()[j]++;
      } else {
        sum[j] += v[k];
      }
    }
  }
}
