package org.cellweave.data.tables;

import org.cellweave.data.BooleanColumn;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.util.Check;

/**
 * Comparisons between columns, row by row; a column of one row stands for that value in every row.
 *
 * <p>A missing value equals nothing and is neither above nor below anything; it differs from
 * everything where it is a NaN, and is unknown, hence no, where the type is nullable. Values of
 * different kinds, such as text and numbers, are never equal and cannot be ordered.
 */
public final class Comparison {
  private Comparison() {}

  /** How two values are compared. */
  public enum Relation {
    /** a == b. */
    EQ,
    /** a != b. */
    NE,
    /** a &gt; b. */
    GT,
    /** a &gt;= b. */
    GE,
    /** a &lt; b. */
    LT,
    /** a &lt;= b. */
    LE;

    boolean isEquality() {
      return this == EQ || this == NE;
    }

    boolean holds(int order) {
      return switch (this) {
        case EQ -> order == 0;
        case NE -> order != 0;
        case GT -> order > 0;
        case GE -> order >= 0;
        case LT -> order < 0;
        case LE -> order <= 0;
      };
    }
  }

  /**
   * @throws IllegalArgumentException when values are ordered that have no order
   */
  public static boolean[] of(Relation what, Column a, Column b) {
    int n = Arithmetic.commonSize(a, b);
    boolean[] fast = BulkComparison.of(what, a, b, n);
    if (fast != null) {
      return fast;
    }
    Order order = order(what, a, b);
    boolean[] out = new boolean[n];
    for (int i = 0; i < n; i++) {
      int p = a.size() == 1 ? 0 : i;
      int q = b.size() == 1 ? 0 : i;
      boolean missing = a.isMissing(p) || b.isMissing(q);
      out[i] =
          missing
              ? what == Relation.NE && !(isUnknown(a, p) || isUnknown(b, q))
              : what.holds(order.of(p, q));
    }
    return out;
  }

  private static boolean isUnknown(Column c, int i) {
    boolean nullable =
        c instanceof NumericColumn n
            ? n.isNullable()
            : c instanceof BooleanColumn b
                ? b.isNullable()
                : c instanceof StringColumn s && s.isNullable();
    return nullable && c.isMissing(i);
  }

  private interface Order {
    int of(int p, int q);
  }

  private static Order order(Relation what, Column a, Column b) {
    Column x = plain(what, a);
    Column y = plain(what, b);
    if (x instanceof CategoricalColumn c && !what.isEquality()) {
      return codes(c, y);
    }
    if (y instanceof CategoricalColumn c && !what.isEquality()) {
      Order turned = codes(c, x);
      return (p, q) -> -turned.of(q, p);
    }
    if (isText(x) && isText(y)) {
      return (p, q) -> x.text(p).compareTo(y.text(q));
    }
    if (isText(x) || isText(y)) {
      if (what.isEquality()) {
        return (p, q) -> 1;
      }
      throw new IllegalArgumentException(
          "text and numbers have no common order: one column is "
              + a.dtypeName()
              + ", the other "
              + b.dtypeName()
              + "; use astype(\"float\") where text holds numbers");
    }
    if (x instanceof NumericColumn n
        && y instanceof NumericColumn m
        && n.isInteger()
        && n.dtype() == m.dtype()) {
      long[] left = SortKeys.of(n);
      long[] right = SortKeys.of(m);
      return (p, q) -> Long.compare(left[p], right[q]);
    }
    double[] left = x.toDoubles();
    double[] right = y.toDoubles();
    return (p, q) -> left[p] == right[q] ? 0 : Double.compare(left[p], right[q]);
  }

  /** Categories that are compared for equality, and categories of numbers, are their values. */
  private static Column plain(Relation what, Column c) {
    if (!(c instanceof CategoricalColumn categories)) {
      return c;
    }
    return what.isEquality() || (!categories.isOrdered() && c.size() == 1)
        ? categories.categories().take(categories.codes())
        : c;
  }

  private static boolean isText(Column c) {
    return c instanceof StringColumn
        || (c instanceof CategoricalColumn k && k.categories() instanceof StringColumn);
  }

  private static Order codes(CategoricalColumn column, Column other) {
    if (!column.isOrdered()) {
      throw new IllegalArgumentException(
          "categories "
              + column.categoryNames()
              + " have no order; use cat.asOrdered(), or compare with eq, ne or isIn");
    }
    int[] place = new int[other.size()];
    for (int i = 0; i < place.length; i++) {
      place[i] = other.isMissing(i) ? -1 : column.categoryNames().indexOf(other.text(i));
      if (place[i] < 0 && !other.isMissing(i)) {
        throw new IllegalArgumentException(
            "'"
                + other.text(i)
                + "' is not among the categories "
                + column.categoryNames()
                + "."
                + Check.suggestion(other.text(i), column.categoryNames()));
      }
    }
    int[] codes = column.codes();
    return (p, q) -> Integer.compare(codes[p], place[q]);
  }
}
