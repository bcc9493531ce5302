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

  /**
   * A copy; sparse matrices share the structure, and rows that lie elsewhere stay there. To change
   * values in place, take {@link #own}.
   */
  @Override
  Matrix copy();

  /** This matrix, or when its rows lie elsewhere all of them read. */
  default Matrix inMemory() {
    return this;
  }

  /** A copy in memory, whose values the caller may change. */
  default Matrix own() {
    return copy();
  }

  /** Row-compressed form; this matrix itself when it already is one. */
  CsrMatrix toCsr();

  /** Dense form; this matrix itself when it already is dense. */
  DenseMatrix toDense();

  /** The same values under another element type, storage shared where it can be. */
  Matrix withDType(DType dtype);

  /** Sum of every row, length {@code nRows}, accumulated in float64. */
  default double[] rowSums() {
    return Statistics.of(this).rowSums();
  }

  /** Sum of every column, length {@code nCols}, accumulated in float64. */
  default double[] colSums() {
    return Statistics.of(this).colSums();
  }

  /**
   * Mean and variance of every column. Of a sparse matrix the variance comes from sums of squares
   * in one pass, as in scanpy, with a relative error of about 1e-13 times mean squared over
   * variance; of a dense one from a second pass around the mean.
   */
  default Moments colMoments(int ddof) {
    return Statistics.of(this).colMoments(ddof);
  }

  /** Mean and variance of every row, as those of the columns. */
  default Moments rowMoments(int ddof) {
    return Statistics.of(this).rowMoments(ddof);
  }

  @Override
  default String described() {
    return describe();
  }

  /** Shape and type, such as {@code "float32 array of 700 x 50"}. */
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
