package org.cellweave.integrate.factor;

import org.cellweave.matrix.Matrix;

/** Cells by features that are read some rows at a time, from memory or from a file. */
@FunctionalInterface
public interface CellReader {
  /**
   * @param cells rows, ascending
   * @return these rows, all features
   */
  Matrix rows(int[] cells);
}
