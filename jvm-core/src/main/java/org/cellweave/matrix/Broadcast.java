package org.cellweave.matrix;

import org.cellweave.util.ShapeMismatchException;

/**
 * Arithmetic of two matrices whose shapes need not agree: NumPy's rule, where an axis of length 1
 * stands beside every place of the other's.
 */
public final class Broadcast {
  private Broadcast() {}

  /**
   * @throws ShapeMismatchException names both shapes
   */
  public static Matrix of(Matrix x, Arithmetic operation, Matrix other) {
    int nRows = common(x, other, x.nRows(), other.nRows());
    int nCols = common(x, other, x.nCols(), other.nCols());
    if (fills(other, nRows, nCols) && fills(x, nRows, nCols)) {
      return Elementwise.withSame(x, operation, other);
    }
    if (operation == Arithmetic.TIMES && other.isSparse() && fills(other, nRows, nCols)) {
      return of(other, operation, x);
    }
    DType type = Elementwise.type(x.dtype(), operation, other.dtype());
    Matrix whole = fills(x, nRows, nCols) ? x : repeated(x.toDense(), nRows, nCols);
    if (whole.isSparse()) {
      return scaled(whole, operation, other, type);
    }
    Others others = fills(other, nRows, nCols) ? Others.matrix(other) : beside(other.toDense());
    return Elementwise.dense(whole, operation, others, type);
  }

  private static Matrix scaled(Matrix x, Arithmetic operation, Matrix other, DType type) {
    double[] numbers = other.toDense().doubleData();
    boolean whole = !other.dtype().isFloating();
    Matrix out =
        other.nRows() == 1
            ? Elementwise.withRow(x, operation, row(numbers, x.nCols()), whole)
            : Elementwise.withColumn(x, operation, numbers, whole);
    return out.dtype() == type ? out : out.withDType(type);
  }

  private static double[] row(double[] numbers, int nCols) {
    if (numbers.length == nCols) {
      return numbers;
    }
    double[] row = new double[nCols];
    java.util.Arrays.fill(row, numbers[0]);
    return row;
  }

  private static Others beside(DenseMatrix x) {
    double[] numbers = x.doubleData();
    return x.nRows() > 1
        ? Others.column(numbers)
        : x.nCols() > 1 ? Others.row(numbers) : Others.number(numbers[0]);
  }

  /**
   * The matrix in this shape, axes of length 1 repeated.
   *
   * @throws ShapeMismatchException names both shapes
   */
  public static Matrix fitted(Matrix x, int nRows, int nCols) {
    boolean fits = (x.nRows() == nRows || x.nRows() == 1) && (x.nCols() == nCols || x.nCols() == 1);
    if (!fits) {
      throw new ShapeMismatchException(
          "shapes do not fit each other: " + nRows + " x " + nCols + " and " + x.shape());
    }
    return fills(x, nRows, nCols) ? x : repeated(x.toDense(), nRows, nCols);
  }

  private static boolean fills(Matrix x, int nRows, int nCols) {
    return x.nRows() == nRows && x.nCols() == nCols;
  }

  private static int common(Matrix x, Matrix other, int a, int b) {
    if (a == b || b == 1) {
      return a;
    }
    if (a == 1) {
      return b;
    }
    throw new ShapeMismatchException(
        "shapes do not fit each other: "
            + x.shape()
            + " and "
            + other.shape()
            + "; every axis must be as long as the other's, or 1");
  }

  private static DenseMatrix repeated(DenseMatrix x, int nRows, int nCols) {
    int[] rows = x.nRows() == nRows ? null : new int[nRows];
    int[] cols = x.nCols() == nCols ? null : new int[nCols];
    return (DenseMatrix) x.take(rows, cols);
  }
}
