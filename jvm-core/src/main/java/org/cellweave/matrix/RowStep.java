package org.cellweave.matrix;

/** A step on the rows of another store: what it does not change is as it is there. */
interface RowStep extends RowStore {
  /** The rows that the step is made on. */
  RowStore of();

  @Override
  default int nRows() {
    return of().nRows();
  }

  @Override
  default int nCols() {
    return of().nCols();
  }

  @Override
  default DType dtype() {
    return of().dtype();
  }

  @Override
  default boolean isFloat32Stored() {
    return of().isFloat32Stored();
  }

  @Override
  default long[] rowPtr() {
    return of().rowPtr();
  }

  @Override
  default CsrMatrix read(int[] rows) {
    return of().read(rows);
  }

  @Override
  default CsrMatrix read(int[] rows, boolean[] columns) {
    return of().read(rows, columns);
  }

  @Override
  default String place() {
    return of().place();
  }

  @Override
  default boolean isHeld() {
    return of().isHeld();
  }

  @Override
  default RangeRunner runner() {
    return of().runner();
  }
}
