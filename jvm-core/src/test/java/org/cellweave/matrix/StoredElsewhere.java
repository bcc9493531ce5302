package org.cellweave.matrix;

import java.util.concurrent.atomic.AtomicLong;

/** Rows of a matrix in memory as if they lay elsewhere; counts the values that are read. */
public record StoredElsewhere(CsrMatrix rows, AtomicLong read) implements RowStore {

  public static StoredElsewhere of(CsrMatrix rows) {
    return new StoredElsewhere(rows, new AtomicLong());
  }

  public CsrMatrix matrix() {
    return CsrMatrix.of(this);
  }

  @Override
  public int nRows() {
    return rows.nRows();
  }

  @Override
  public int nCols() {
    return rows.nCols();
  }

  @Override
  public DType dtype() {
    return rows.dtype();
  }

  @Override
  public boolean isFloat32Stored() {
    return rows.isFloat32Stored();
  }

  @Override
  public long[] rowPtr() {
    return rows.rowPtr();
  }

  @Override
  public CsrMatrix read(int[] some) {
    CsrMatrix out = rows.takeRows(some);
    read.addAndGet(out.nnz());
    return out;
  }

  @Override
  public String place() {
    return "elsewhere.h5ad";
  }
}
