package org.cellweave.matrix;

/** Rows of another store, changed after every reading. */
record ChangedRows(RowStore of, RowChange change, DType dtype) implements RowStep {

  @Override
  public boolean isFloat32Stored() {
    return dtype == of.dtype() ? of.isFloat32Stored() : dtype != DType.FLOAT64;
  }

  @Override
  public CsrMatrix read(int[] rows) {
    return changed(of.read(rows), rows);
  }

  @Override
  public CsrMatrix read(int[] rows, boolean[] columns) {
    return changed(of.read(rows, columns), rows);
  }

  private CsrMatrix changed(CsrMatrix read, int[] rows) {
    CsrMatrix part = read.withDType(dtype);
    if (change != RowChange.NONE) {
      part.changed(
          () -> {
            RowChange.Kernel kernel = change.kernel();
            return (i, block, from, to) -> kernel.change(rows[i], block, from, to);
          });
    }
    return part;
  }
}
