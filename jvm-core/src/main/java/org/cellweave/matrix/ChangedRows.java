package org.cellweave.matrix;

/** Rows of another store, changed after every reading. */
record ChangedRows(RowStore of, RowChange change, DType dtype) implements RowStore {

  @Override
  public int nRows() {
    return of.nRows();
  }

  @Override
  public int nCols() {
    return of.nCols();
  }

  @Override
  public boolean isFloat32Stored() {
    return dtype == of.dtype() ? of.isFloat32Stored() : dtype != DType.FLOAT64;
  }

  @Override
  public long[] rowPtr() {
    return of.rowPtr();
  }

  @Override
  public CsrMatrix read(int[] rows) {
    CsrMatrix part = of.read(rows).withDType(dtype);
    if (change != RowChange.NONE) {
      part.changed(
          () -> {
            RowChange.Kernel kernel = change.kernel();
            return (i, block, from, to) -> kernel.change(rows[i], block, from, to);
          });
    }
    return part;
  }

  @Override
  public String place() {
    return of.place();
  }

  @Override
  public RangeRunner runner() {
    return of.runner();
  }
}
