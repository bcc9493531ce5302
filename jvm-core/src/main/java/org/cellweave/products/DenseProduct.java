package org.cellweave.products;

import java.nio.DoubleBuffer;
import org.cellweave.internal.NativeMemory;
import org.cellweave.linalg.Blas;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.ShapeMismatchException;

/**
 * The product of two dense matrices in float64, by BLAS on blocks of rows that depend on the shapes
 * alone, so that threads do not change a bit. Extra memory: the second matrix and, of every thread,
 * one block of the first and of the product.
 */
public final class DenseProduct {
  private static final int ROWS = 256;

  private DenseProduct() {}

  /**
   * @param type of the product, to which it is rounded
   */
  public static DenseMatrix of(DenseMatrix a, DenseMatrix b, DType type) {
    if (a.nCols() != b.nRows()) {
      throw new ShapeMismatchException(
          "a product needs as many columns as the other has rows, got "
              + a.shape()
              + " and "
              + b.shape());
    }
    int n = b.nCols();
    int inner = a.nCols();
    var out = DenseMatrix.zeros(a.nRows(), n, type);
    if (inner == 0 || n == 0 || a.nRows() == 0) {
      return out;
    }
    try (var right = NativeMemory.doubles((long) inner * n)) {
      DoubleBuffer rows = right.asBuffer();
      double[] row = new double[n];
      for (int i = 0; i < inner; i++) {
        b.readRow(i, row);
        rows.put(row);
      }
      Parallel.forRange(
          a.nRows(),
          ROWS,
          (from, to) -> {
            int count = to - from;
            try (var left = NativeMemory.doubles((long) count * inner);
                var product = NativeMemory.doubles((long) count * n)) {
              fill(left.asBuffer(), a, from, to);
              Blas.gemmNn(count, n, inner, left, right, product);
              take(product.asBuffer(), out, from, to);
            }
          });
    }
    return out;
  }

  private static void fill(DoubleBuffer to, DenseMatrix a, int first, int end) {
    double[] row = new double[a.nCols()];
    for (int i = first; i < end; i++) {
      a.readRow(i, row);
      to.put(row);
    }
  }

  private static void take(DoubleBuffer from, DenseMatrix out, int first, int end) {
    double[] row = new double[out.nCols()];
    for (int i = first; i < end; i++) {
      from.get(row);
      out.setRow(i, row);
    }
  }
}
