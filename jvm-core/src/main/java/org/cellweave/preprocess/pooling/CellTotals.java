package org.cellweave.preprocess.pooling;

import org.cellweave.matrix.Rows;
import org.cellweave.util.RefusedRowException;
import org.cellweave.util.RefusedValueException;

/**
 * What every cell has: counts, positive, and genes with a count.
 *
 * @param counts the library sizes
 */
record CellTotals(double[] counts, int[] genes) {
  /**
   * @param chosen genes that count, or null for all; values of the others must not be negative
   *     either
   * @throws RefusedValueException for a negative value
   * @throws RefusedRowException for a cell without counts
   */
  static CellTotals of(Rows rows, boolean[] chosen) {
    double[] counts = new double[rows.nRows()];
    int[] genes = new int[counts.length];
    rows.forEach(
        (i, at, start, v, n) -> {
          for (int k = 0; k < n; k++) {
            if (v[k] < 0) {
              throw negative(i, at[start + k], v[k]);
            }
            boolean counted = chosen == null || chosen[at[start + k]];
            counts[i] += counted ? v[k] : 0;
            genes[i] += counted && v[k] > 0 ? 1 : 0;
          }
        });
    for (int i = 0; i < counts.length; i++) {
      if (!(counts[i] > 0)) {
        throw new RefusedRowException(
            "size factors compare cells by their counts, but ",
            "x",
            counts.length,
            (chosen != null ? " has none in the genes chosen" : " has none")
                + ". Remove cells without counts first",
            i);
      }
    }
    return new CellTotals(counts, genes);
  }

  private static RefusedValueException negative(int row, int column, double value) {
    return new RefusedValueException(
        "size factors need counts, but there is "
            + value
            + " "
            + RefusedValueException.place(row, column)
            + ". Start from the counts",
        row,
        column,
        value);
  }
}
