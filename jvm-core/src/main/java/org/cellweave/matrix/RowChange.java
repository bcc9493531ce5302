package org.cellweave.matrix;

import java.io.Serializable;

/**
 * A change of the stored values, row by row, that keeps which values are stored. The same change
 * runs in place on a matrix in memory and after every reading on rows that lie elsewhere.
 */
@FunctionalInterface
public interface RowChange extends Serializable {
  /** Changes nothing. */
  RowChange NONE = () -> (row, block, from, to) -> {};

  /** A kernel for one thread and some rows; it may remember what it met. */
  Kernel kernel();

  /** Changes one row. */
  @FunctionalInterface
  interface Kernel {
    /**
     * @param row of the whole matrix
     * @param block that holds it, float32 or float64
     * @param from first position of the row in the block
     * @param to one past the last
     */
    void change(int row, CsrMatrix.Block block, int from, int to);
  }
}
