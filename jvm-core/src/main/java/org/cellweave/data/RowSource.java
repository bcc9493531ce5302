package org.cellweave.data;

import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;

/** A matrix that is made row by row when somebody asks, and is never in memory as a whole. */
public interface RowSource {
  int nRows();

  int nCols();

  DType dtype();

  boolean isSparse();

  /** At least as many as there are stored values; for a dense matrix all. */
  long mostValues();

  /** Rows {@code from <= i < to}. */
  Matrix rows(int from, int to);
}
