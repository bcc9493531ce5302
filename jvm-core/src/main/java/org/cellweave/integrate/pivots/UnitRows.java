package org.cellweave.integrate.pivots;

import java.util.Arrays;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/** Rows of length one, whose products are cosines, or correlations where they are centred first. */
final class UnitRows {
  private static final int BLOCK = 512;

  private UnitRows() {}

  /**
   * A mean over linked features is how much of all a cell has; one over canonical directions would
   * be chance, as their signs are.
   */
  static DenseMatrix of(DenseMatrix x, boolean centred) {
    var out = DenseMatrix.zeros(x.nRows(), x.nCols(), DType.FLOAT64);
    Parallel.forRange(
        x.nRows(),
        BLOCK,
        (from, to) -> {
          double[] row = new double[x.nCols()];
          for (int i = from; i < to; i++) {
            x.readRow(i, row);
            double mean = centred ? Arrays.stream(row).sum() / row.length : 0;
            double squares = 0;
            for (int j = 0; j < row.length; j++) {
              row[j] -= mean;
              squares += row[j] * row[j];
            }
            for (int j = 0; squares > 0 && j < row.length; j++) {
              row[j] /= Math.sqrt(squares);
            }
            out.setRow(i, row);
          }
        });
    return out;
  }

  /** Rows whose products are a mean of the products of both, that of the second by its share. */
  static DenseMatrix beside(DenseMatrix first, DenseMatrix second, double share) {
    double[] factors = {Math.sqrt(1 - share), Math.sqrt(share)};
    DenseMatrix[] parts = {first, second};
    var out = DenseMatrix.zeros(first.nRows(), first.nCols() + second.nCols(), DType.FLOAT64);
    double[] row = new double[out.nCols()];
    for (int i = 0; i < out.nRows(); i++) {
      int at = 0;
      for (int p = 0; p < 2; p++) {
        for (int j = 0; j < parts[p].nCols(); j++) {
          row[at++] = factors[p] * parts[p].get(i, j);
        }
      }
      out.setRow(i, row);
    }
    return out;
  }

  static double product(DenseMatrix a, int i, DenseMatrix b, int j) {
    double sum = 0;
    for (int c = 0; c < a.nCols(); c++) {
      sum += a.get(i, c) * b.get(j, c);
    }
    return sum;
  }
}
