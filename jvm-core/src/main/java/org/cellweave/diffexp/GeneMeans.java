package org.cellweave.diffexp;

import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Parallel;

/** Mean of every column, missing values left out. */
final class GeneMeans {
  private static final int PARTS = 64;

  private final double[] sum;
  private final int[] missing;

  private GeneMeans(int n) {
    sum = new double[n];
    missing = new int[n];
  }

  static double[] of(Matrix x) {
    int nParts = x instanceof DenseMatrix ? Math.min(PARTS, x.nRows()) : 0;
    CsrMatrix csr =
        x instanceof DenseMatrix ? null : x instanceof CscMatrix csc ? csc.toCsr() : (CsrMatrix) x;
    int[] bounds = csr == null ? null : csr.groupBounds();
    var parts =
        Parallel.map(
            csr == null ? nParts : bounds.length - 1,
            g -> {
              var part = new GeneMeans(x.nCols());
              if (csr == null) {
                part.addRows((DenseMatrix) x, cut(x, g, nParts), cut(x, g + 1, nParts));
              } else {
                for (int b = bounds[g]; b < bounds[g + 1]; b++) {
                  part.addBlock(csr.block(b));
                }
              }
              return part;
            });
    double[] mean = new double[x.nCols()];
    int[] missing = new int[x.nCols()];
    for (GeneMeans part : parts) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += part.sum[j];
        missing[j] += part.missing[j];
      }
    }
    for (int j = 0; j < mean.length; j++) {
      mean[j] /= x.nRows() - missing[j];
    }
    return mean;
  }

  private static int cut(Matrix x, int part, int nParts) {
    return (int) ((long) x.nRows() * part / nParts);
  }

  private void addRows(DenseMatrix x, int from, int to) {
    double[] row = new double[sum.length];
    for (int i = from; i < to; i++) {
      x.readRow(i, row);
      for (int j = 0; j < row.length; j++) {
        add(j, row[j]);
      }
    }
  }

  private void addBlock(CsrMatrix.Block block) {
    int[] indices = block.indices();
    for (int p = 0; p < indices.length; p++) {
      add(indices[p], block.value(p));
    }
  }

  private void add(int j, double v) {
    if (Double.isNaN(v)) {
      missing[j]++;
    } else {
      sum[j] += v;
    }
  }
}
