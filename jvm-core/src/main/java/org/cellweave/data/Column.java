package org.cellweave.data;

import java.util.Objects;

/** One typed column of a {@link DataFrame}. Columns are values: methods return new columns. */
public sealed interface Column
    permits NumericColumn, BooleanColumn, StringColumn, CategoricalColumn {
  int size();

  /** The given positions, in the given order; -1 gives a missing value where the type has one. */
  Column take(int[] positions);

  Column copy();

  boolean isMissing(int i);

  /** Where values are missing, one flag for each row; the caller's own. */
  default boolean[] missing() {
    boolean[] out = new boolean[size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = isMissing(i);
    }
    return out;
  }

  /** The value as text, "NaN" or "NA" where missing. */
  String text(int i);

  /** pandas' name of the type: {@code int64}, {@code category}, {@code boolean}. */
  String dtypeName();

  /** Every value as text. */
  default String[] texts() {
    String[] out = new String[size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = text(i);
    }
    return out;
  }

  /**
   * Every value as float64: numbers as they are, booleans as 0 and 1, missing as NaN.
   *
   * @throws IllegalArgumentException for text columns
   */
  double[] toDoubles();

  /** Same type, same values, missing equal to missing. */
  static boolean sameValues(Column a, Column b) {
    if (a.size() != b.size() || a.getClass() != b.getClass()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (a.isMissing(i) != b.isMissing(i)
          || (!a.isMissing(i) && !Objects.equals(a.text(i), b.text(i)))) {
        return false;
      }
    }
    return true;
  }
}
