package org.cellweave.matrix;

import org.cellweave.util.Parallel;

/** Rows that say nothing, since a value of them is NaN. */
public final class NanRows {
  private static final int BLOCK = 256;

  private NanRows() {}

  /** One per row: whether any of its values is NaN. */
  public static boolean[] of(Matrix x) {
    return found(x, null, null);
  }

  /**
   * As {@link #of}, for a step that leaves out rows with NaN, but takes no infinite values.
   *
   * @param name of the matrix, for the message
   * @param step that needs finite values
   * @throws org.cellweave.util.NonFiniteException names an infinite value
   */
  public static boolean[] withoutInfinite(Matrix x, String name, String step) {
    return found(x, name, step);
  }

  /**
   * @param name null where infinite values are as good as others
   */
  private static boolean[] found(Matrix x, String name, String step) {
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
              double value = reader.values()[k];
              found[i] |= Double.isNaN(value);
              if (name != null && Double.isInfinite(value)) {
                int column = reader.columns()[reader.start() + k];
                throw Finite.refusal(name, i, column, value, step);
              }
            }
          }
        });
    return found;
  }
}
