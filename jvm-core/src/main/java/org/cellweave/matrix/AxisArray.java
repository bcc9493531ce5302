package org.cellweave.matrix;

/** Anything aligned to an axis by its rows: a matrix, a table, an n-d array. */
public interface AxisArray {
  int nRows();

  /** A new array of the given rows, in the given order; rows may repeat. */
  AxisArray takeRows(int[] rows);

  /** A copy that shares no mutable state. */
  AxisArray copy();

  /** Shape and kind for error messages and printing: {@code "float32 array of 700 x 50"}. */
  String described();
}
