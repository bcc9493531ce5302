package org.cellweave.data;

import java.util.stream.IntStream;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;

/**
 * A backed matrix, or chosen rows and columns of it, read some rows at a time.
 *
 * @param rows positions in the file; null for all
 * @param cols positions in the file; null for all
 */
record BackedRows(BackedMatrix matrix, int[] rows, int[] cols, int nRows, int nCols)
    implements RowSource {

  @Override
  public DType dtype() {
    return matrix.dtype();
  }

  @Override
  public boolean isSparse() {
    return matrix.isSparse();
  }

  @Override
  public long mostValues() {
    long all = (long) nRows * nCols;
    boolean whole = rows == null && cols == null;
    return matrix.isSparse() && whole ? Math.min(all, matrix.storedValues()) : all;
  }

  @Override
  public Matrix rows(int from, int to) {
    return matrix.read(Slot.compose(rows, IntStream.range(from, to).toArray()), cols);
  }
}
