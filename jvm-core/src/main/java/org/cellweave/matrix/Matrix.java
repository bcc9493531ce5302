package org.cellweave.matrix;

/** A two-dimensional numeric array: {@link DenseMatrix}, {@link CsrMatrix} or {@link CscMatrix}. */
public sealed interface Matrix extends AxisArray permits DenseMatrix, CsrMatrix, CscMatrix {
  @Override
  int nRows();

  int nCols();

  DType dtype();

  /** The value at row {@code i}, column {@code j}; O(log nnz of the row) when sparse. */
  double get(int i, int j);

  boolean isSparse();

  /** Number of stored values. */
  long nnz();

  @Override
  Matrix takeRows(int[] rows);

  /** A new matrix of the given columns, in the given order; columns may repeat. */
  Matrix takeCols(int[] cols);

  /** Rows and columns at once; null keeps an axis whole. */
  default Matrix take(int[] rows, int[] cols) {
    Matrix out = this;
    if (rows != null) {
      out = out.takeRows(rows);
    }
    if (cols != null) {
      out = out.takeCols(cols);
    }
    return out == this ? copy() : out;
  }

  Matrix transpose();

  @Override
  Matrix copy();

  /** Row-compressed form; this matrix itself when it already is one. */
  CsrMatrix toCsr();

  /** Dense form; this matrix itself when it already is dense. */
  DenseMatrix toDense();

  /** The same values under another element type, storage shared where it can be. */
  Matrix withDType(DType dtype);

  /** Sum of every row, length {@code nRows}, accumulated in float64. */
  double[] rowSums();

  /** Sum of every column, length {@code nCols}, accumulated in float64. */
  double[] colSums();

  /** Mean and variance of every column. */
  Moments colMoments(int ddof);

  /** Mean and variance of every row. */
  Moments rowMoments(int ddof);

  @Override
  default String describe() {
    String kind = this instanceof DenseMatrix ? "array" : this instanceof CsrMatrix ? "CSR" : "CSC";
    return dtype().numpyName() + " " + kind + " of " + nRows() + " x " + nCols();
  }

  /** {@code "700 x 50"}. */
  default String shape() {
    return nRows() + " x " + nCols();
  }

  /**
   * @param mean one per column (or row)
   * @param variance divided by {@code n - ddof}
   */
  record Moments(double[] mean, double[] variance) {}
}
