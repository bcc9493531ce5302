package org.cellweave.matrix;

import org.cellweave.util.Parallel;

/** Rows that say nothing, since a value of them is NaN. */
public final class NanRows {
  private static final int BLOCK = 256;

  private NanRows() {}

  /** One per row: whether any of its values is NaN. */
  public static boolean[] of(Matrix x) {
    boolean[] found = new boolean[x.nRows()];
    Rows rows = Rows.of(x);
    Parallel.forRange(
        x.nRows(),
        BLOCK,
        (from, to) -> {
          RowReader reader = rows.reader();
          for (int i = from; i < to; i++) {
            int entries = reader.load(i);
            for (int k = 0; k < entries; k++) {
              found[i] |= Double.isNaN(reader.values()[k]);
            }
          }
        });
    return found;
  }
}
