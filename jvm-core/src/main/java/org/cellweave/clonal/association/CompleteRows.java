package org.cellweave.clonal.association;

import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowReader;
import org.cellweave.matrix.Rows;
import org.cellweave.util.Parallel;

/** Clones that a table of features says something of: those without NaN. */
public final class CompleteRows {
  private static final int BLOCK = 256;

  private CompleteRows() {}

  /**
   * @param name of the matrix, for the message
   * @return one per row
   * @throws org.cellweave.util.NonFiniteException when a value is infinite
   */
  public static boolean[] of(Matrix x, String name) {
    boolean[] complete = new boolean[x.nRows()];
    Rows rows = Rows.of(x);
    Parallel.forRange(
        x.nRows(),
        BLOCK,
        (from, to) -> {
          RowReader reader = rows.reader();
          for (int i = from; i < to; i++) {
            complete[i] = isComplete(reader, i, name);
          }
        });
    return complete;
  }

  private static boolean isComplete(RowReader reader, int row, String name) {
    int n = reader.load(row);
    double[] values = reader.values();
    boolean complete = true;
    for (int k = 0; k < n; k++) {
      if (Double.isInfinite(values[k])) {
        int column = reader.columns()[reader.start() + k];
        throw Finite.refusal(name, row, column, values[k], "associations");
      }
      complete &= !Double.isNaN(values[k]);
    }
    return complete;
  }
}
