package org.cellweave.matrix;

/** Rows of another store whose passes somebody else runs. */
final class RunRows implements RowStore {
  private static final long serialVersionUID = 1;

  private final RowStore of;
  private final transient RangeRunner runner;

  /**
   * @param runner null to run passes here
   */
  RunRows(RowStore of, RangeRunner runner) {
    this.of = of;
    this.runner = runner;
  }

  @Override
  public int nRows() {
    return of.nRows();
  }

  @Override
  public int nCols() {
    return of.nCols();
  }

  @Override
  public DType dtype() {
    return of.dtype();
  }

  @Override
  public boolean isFloat32Stored() {
    return of.isFloat32Stored();
  }

  @Override
  public long[] rowPtr() {
    return of.rowPtr();
  }

  @Override
  public CsrMatrix read(int[] rows) {
    return of.read(rows);
  }

  @Override
  public String place() {
    return of.place();
  }

  @Override
  public RangeRunner runner() {
    return runner;
  }
}
