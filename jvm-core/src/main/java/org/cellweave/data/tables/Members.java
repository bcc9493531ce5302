package org.cellweave.data.tables;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.StringColumn;

/**
 * Which values are among others: numbers by their size whatever their type, others by their text.
 */
public final class Members {
  private Members() {}

  /** One flag for each row; missing values are members where {@code values} has a missing one. */
  public static boolean[] of(Column column, Column values) {
    boolean holes = false;
    for (int i = 0; i < values.size(); i++) {
      holes |= values.isMissing(i);
    }
    if (column instanceof CategoricalColumn c) {
      boolean[] wanted = of(c.categories(), values);
      boolean[] out = new boolean[c.size()];
      for (int i = 0; i < out.length; i++) {
        out[i] = c.codes()[i] < 0 ? holes : wanted[c.codes()[i]];
      }
      return out;
    }
    boolean texts = column instanceof StringColumn;
    boolean[] out = texts || isText(values) ? byText(column, values) : byNumber(column, values);
    for (int i = 0; i < out.length; i++) {
      out[i] = column.isMissing(i) ? holes : out[i];
    }
    return out;
  }

  private static boolean isText(Column c) {
    return c instanceof StringColumn
        || (c instanceof CategoricalColumn k && k.categories() instanceof StringColumn);
  }

  private static boolean[] byText(Column column, Column values) {
    Set<String> wanted = new HashSet<>(Arrays.asList(values.texts()));
    boolean[] out = new boolean[column.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = wanted.contains(column.text(i));
    }
    return out;
  }

  private static boolean[] byNumber(Column column, Column values) {
    double[] numbers = values.toDoubles();
    double[] own = column.toDoubles();
    long[] wanted = new long[numbers.length];
    Arrays.setAll(wanted, i -> SortKeys.ordered(numbers[i] + 0.0));
    Arrays.sort(wanted);
    boolean[] out = new boolean[own.length];
    for (int i = 0; i < own.length; i++) {
      out[i] = Arrays.binarySearch(wanted, SortKeys.ordered(own[i] + 0.0)) >= 0;
    }
    return out;
  }
}
