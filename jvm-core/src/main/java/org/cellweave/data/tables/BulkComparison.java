package org.cellweave.data.tables;

import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.data.tables.Comparison.Relation;

/** Comparisons whose rows need no questions: plain numbers, text with one text, categories. */
final class BulkComparison {
  private BulkComparison() {}

  /** Null where {@link Comparison} has to look at each row. */
  static boolean[] of(Relation what, Column a, Column b, int n) {
    if (a instanceof CategoricalColumn c && b.size() == 1 && n != 1 && what.isEquality()) {
      return byCategory(what, c, b);
    }
    if (a instanceof StringColumn x && b instanceof StringColumn y && y.size() == 1) {
      String value = y.get(0);
      boolean plain = !x.isNullable() && !y.isNullable() && value != null;
      return plain && what.isEquality() ? texts(what == Relation.EQ, x, value) : null;
    }
    if (!(isPlain(a) && isPlain(b))) {
      return null;
    }
    NumericColumn x = (NumericColumn) a;
    NumericColumn y = (NumericColumn) b;
    if (x.isInteger() && y.isInteger() && x.dtype() == y.dtype()) {
      return whole(what, SortKeys.of(x), SortKeys.of(y), n);
    }
    return reals(what, numbers(x), numbers(y), n);
  }

  private static boolean isPlain(Column c) {
    return c instanceof NumericColumn n && !n.isNullable();
  }

  private static double[] numbers(NumericColumn c) {
    return c.reals() != null ? c.reals() : c.toDoubles();
  }

  private static boolean[] byCategory(Relation what, CategoricalColumn column, Column value) {
    if (value.isMissing(0)) {
      return null;
    }
    Column categories = column.categories();
    int[] each = new int[categories.size() + 1];
    for (int c = 0; c < categories.size(); c++) {
      each[c] = c;
    }
    // A missing row is compared as a missing value of the categories' type.
    each[categories.size()] = -1;
    boolean[] answers = Comparison.of(what, categories.take(each), value);
    int[] codes = column.codes();
    boolean[] out = new boolean[codes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = answers[codes[i] < 0 ? categories.size() : codes[i]];
    }
    return out;
  }

  private static boolean[] texts(boolean equal, StringColumn column, String value) {
    String[] values = column.values();
    boolean[] out = new boolean[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = value.equals(values[i]) == equal;
    }
    return out;
  }

  private static boolean[] whole(Relation what, long[] x, long[] y, int n) {
    int p = x.length == 1 ? 0 : -1;
    int q = y.length == 1 ? 0 : -1;
    boolean[] out = new boolean[n];
    switch (what) {
      case EQ, NE -> {
        boolean equal = what == Relation.EQ;
        for (int i = 0; i < n; i++) {
          out[i] = (x[i & p] == y[i & q]) == equal;
        }
      }
      case GT, LE -> {
        boolean above = what == Relation.GT;
        for (int i = 0; i < n; i++) {
          out[i] = (x[i & p] > y[i & q]) == above;
        }
      }
      case GE, LT -> {
        boolean above = what == Relation.GE;
        for (int i = 0; i < n; i++) {
          out[i] = (x[i & p] >= y[i & q]) == above;
        }
      }
    }
    return out;
  }

  /** A NaN answers no to all but {@code NE}, as Java's own comparisons do. */
  private static boolean[] reals(Relation what, double[] x, double[] y, int n) {
    int p = x.length == 1 ? 0 : -1;
    int q = y.length == 1 ? 0 : -1;
    boolean[] out = new boolean[n];
    switch (what) {
      case EQ, NE -> {
        boolean equal = what == Relation.EQ;
        for (int i = 0; i < n; i++) {
          out[i] = (x[i & p] == y[i & q]) == equal;
        }
      }
      case GT -> {
        for (int i = 0; i < n; i++) {
          out[i] = x[i & p] > y[i & q];
        }
      }
      case LT -> {
        for (int i = 0; i < n; i++) {
          out[i] = x[i & p] < y[i & q];
        }
      }
      case GE -> {
        for (int i = 0; i < n; i++) {
          out[i] = x[i & p] >= y[i & q];
        }
      }
      case LE -> {
        for (int i = 0; i < n; i++) {
          out[i] = x[i & p] <= y[i & q];
        }
      }
    }
    return out;
  }
}
