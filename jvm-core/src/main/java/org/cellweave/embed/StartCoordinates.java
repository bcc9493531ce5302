package org.cellweave.embed;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.util.NonFiniteException;
import org.cellweave.util.ShapeMismatchException;

/** Coordinates that a layout starts from, as the user gives them. */
public final class StartCoordinates {
  private StartCoordinates() {}

  /**
   * The first {@code dim} columns, cell by cell.
   *
   * @param n number of cells
   */
  public static double[] of(DenseMatrix start, int n, int dim) {
    if (start.nRows() != n || start.nCols() < dim) {
      throw new ShapeMismatchException(
          "start must have "
              + n
              + " rows and at least "
              + dim
              + " columns, got "
              + start.describe());
    }
    double[] out = new double[n * dim];
    double[] row = new double[start.nCols()];
    for (int i = 0; i < n; i++) {
      start.readRow(i, row);
      System.arraycopy(row, 0, out, i * dim, dim);
    }
    var position = Finite.first(out);
    if (position != null) {
      int cell = position.row() / dim;
      int column = position.row() % dim;
      throw new NonFiniteException(
          "row "
              + cell
              + ", column "
              + column
              + " of start is "
              + position.value()
              + "; it must be finite",
          "start",
          cell,
          column,
          position.value());
    }
    return out;
  }
}
