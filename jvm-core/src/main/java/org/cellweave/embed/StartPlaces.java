package org.cellweave.embed;

import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.util.NonFiniteException;
import org.cellweave.util.ShapeMismatchException;

/** Places that a layout starts from, as the user gives them. */
final class StartPlaces {
  private StartPlaces() {}

  /**
   * The first {@code dim} columns, cell by cell.
   *
   * @param n number of cells
   */
  static double[] of(DenseMatrix start, int n, int dim) {
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
    var place = Finite.first(out);
    if (place != null) {
      int cell = place.row() / dim;
      int column = place.row() % dim;
      throw new NonFiniteException(
          "row "
              + cell
              + ", column "
              + column
              + " of start is "
              + place.value()
              + "; it must be finite",
          "start",
          cell,
          column,
          place.value());
    }
    return out;
  }
}
