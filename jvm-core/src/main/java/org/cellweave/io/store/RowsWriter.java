package org.cellweave.io.store;

import org.cellweave.io.binary.Filler;

/** A dense matrix of which some rows are written at a time. */
public interface RowsWriter extends StoreObjectWriter {
  /**
   * @param values of these rows, counted from the first of them
   */
  void write(int firstRow, int nRows, Filler values);
}
