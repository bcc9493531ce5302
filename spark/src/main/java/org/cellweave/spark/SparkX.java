package org.cellweave.spark;

import java.nio.file.Path;
import org.cellweave.data.BackedMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowStore;

/** X of an object whose rows executors read in place. */
record SparkX(RowStore rows, Path file) implements BackedMatrix {
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
  public boolean isSparse() {
    return true;
  }

  @Override
  public long storedValues() {
    return rows.rowPtr()[rows.nRows()];
  }

  @Override
  public Matrix read(int[] someRows, int[] someCols) {
    CsrMatrix some = rows.read(someRows == null ? RowStore.all(nRows()) : someRows);
    return someCols == null ? some : some.takeCols(someCols);
  }

  /** Files are opened by those who read, and closed when nobody does any more. */
  @Override
  public void close() {}
}
