package org.cellweave.data;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowStore;

/** The rows of a matrix that reads them when asked for. */
record ReadRows(CsrMatrix matrix) implements RowSource {

  @Override
  public int nRows() {
    return matrix.nRows();
  }

  @Override
  public int nCols() {
    return matrix.nCols();
  }

  @Override
  public DType dtype() {
    return matrix.dtype();
  }

  @Override
  public boolean isSparse() {
    return true;
  }

  @Override
  public long mostValues() {
    return matrix.nnz();
  }

  @Override
  public Matrix rows(int from, int to) {
    return matrix.takeRows(RowStore.range(from, to)).inMemory();
  }
}
