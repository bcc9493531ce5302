package org.cellweave.matrix;

/** Sparse matrix compressed by columns: the transpose of a {@link CsrMatrix} it holds. */
public final class CscMatrix implements Matrix {
  private final CsrMatrix columns;

  /**
   * @param columns row {@code j} of it is column {@code j} of this matrix; not copied
   */
  public CscMatrix(CsrMatrix columns) {
    this.columns = columns;
  }

  /** The transpose, not copied: its rows are this matrix's columns. */
  public CsrMatrix columns() {
    return columns;
  }

  @Override
  public int nRows() {
    return columns.nCols();
  }

  @Override
  public int nCols() {
    return columns.nRows();
  }

  @Override
  public DType dtype() {
    return columns.dtype();
  }

  @Override
  public double get(int i, int j) {
    return columns.get(j, i);
  }

  @Override
  public boolean isSparse() {
    return true;
  }

  @Override
  public long nnz() {
    return columns.nnz();
  }

  @Override
  public CscMatrix takeRows(int[] rows) {
    return new CscMatrix(columns.takeCols(rows));
  }

  @Override
  public CscMatrix takeCols(int[] cols) {
    return new CscMatrix(columns.takeRows(cols));
  }

  @Override
  public CsrMatrix transpose() {
    return columns.copy();
  }

  @Override
  public CscMatrix copy() {
    return new CscMatrix(columns.copy());
  }

  @Override
  public CsrMatrix toCsr() {
    return columns.transposeToCsr();
  }

  @Override
  public DenseMatrix toDense() {
    return columns.toDense().transpose();
  }

  @Override
  public CscMatrix withDType(DType dtype) {
    return new CscMatrix(columns.withDType(dtype));
  }

  @Override
  public String toString() {
    return describe();
  }
}
