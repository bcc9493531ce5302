package org.cellweave.data.tables;

import org.cellweave.data.BooleanColumn;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.matrix.DType;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/**
 * Arithmetic between columns, row by row. A column of one row stands for that value in every row,
 * and does not widen the other one's type unless a fraction meets whole numbers.
 *
 * <p>Whole numbers stay whole but under division; a result beyond their type becomes int64, where
 * numpy would wrap. Missing values stay missing.
 */
public final class Arithmetic {
  private static final int BLOCK = 1 << 14;

  private Arithmetic() {}

  /** What is done to two values. */
  public enum Operation {
    /** a + b. */
    ADD,
    /** a - b. */
    SUBTRACT,
    /** a * b. */
    MULTIPLY,
    /** a / b, a decimal number always. */
    DIVIDE,
    /** a / b rounded down. */
    FLOOR_DIVIDE,
    /** What the division rounded down leaves, with the sign of b. */
    REMAINDER,
    /** a to the power of b. */
    POWER
  }

  /**
   * @throws IllegalArgumentException for text and categories
   * @throws org.cellweave.util.ShapeMismatchException when sizes differ
   */
  public static Column of(Operation what, Column a, Column b) {
    int n = commonSize(a, b);
    DType type = type(what, a, b);
    if (type.isFloating()) {
      double[] x = numbers(a);
      double[] y = numbers(b);
      double[] out = new double[n];
      Parallel.forRange(
          n,
          BLOCK,
          (from, to) -> {
            fill(what, x, y, out, from, to);
            for (int i = from; type != DType.FLOAT64 && i < to; i++) {
              out[i] = (float) out[i];
            }
          });
      return NumericColumn.reals(type, out);
    }
    return whole(what, a, b, type, n);
  }

  /** The four of every day have loops of their own, which run several rows at once. */
  private static void fill(Operation what, double[] x, double[] y, double[] out, int from, int to) {
    int p = x.length == 1 && out.length != 1 ? 0 : -1;
    int q = y.length == 1 && out.length != 1 ? 0 : -1;
    if (p == 0) {
      for (int i = from; i < to; i++) {
        out[i] = real(what, x[0], y[i & q]);
      }
    } else if (q == 0) {
      byOne(what, x, y[0], out, from, to);
    } else {
      byRow(what, x, y, out, from, to);
    }
  }

  private static void byOne(Operation what, double[] x, double y, double[] out, int from, int to) {
    switch (what) {
      case ADD, SUBTRACT -> {
        double by = what == Operation.ADD ? y : -y;
        for (int i = from; i < to; i++) {
          out[i] = x[i] + by;
        }
      }
      case MULTIPLY -> {
        for (int i = from; i < to; i++) {
          out[i] = x[i] * y;
        }
      }
      case DIVIDE -> {
        for (int i = from; i < to; i++) {
          out[i] = x[i] / y;
        }
      }
      default -> {
        for (int i = from; i < to; i++) {
          out[i] = real(what, x[i], y);
        }
      }
    }
  }

  private static void byRow(
      Operation what, double[] x, double[] y, double[] out, int from, int to) {
    switch (what) {
      case ADD -> {
        for (int i = from; i < to; i++) {
          out[i] = x[i] + y[i];
        }
      }
      case SUBTRACT -> {
        for (int i = from; i < to; i++) {
          out[i] = x[i] - y[i];
        }
      }
      case MULTIPLY -> {
        for (int i = from; i < to; i++) {
          out[i] = x[i] * y[i];
        }
      }
      case DIVIDE -> {
        for (int i = from; i < to; i++) {
          out[i] = x[i] / y[i];
        }
      }
      default -> {
        for (int i = from; i < to; i++) {
          out[i] = real(what, x[i], y[i]);
        }
      }
    }
  }

  private static Column whole(Operation what, Column a, Column b, DType type, int n) {
    long[] x = longs(a);
    long[] y = longs(b);
    long[] out = new long[n];
    boolean nullable = isNullable(a) || isNullable(b);
    if (!nullable && type == DType.INT64 && fillWhole(what, x, y, out)) {
      return NumericColumn.of(out);
    }
    boolean[] missing = nullable ? new boolean[n] : null;
    boolean fits = true;
    for (int i = 0; i < n; i++) {
      int p = x.length == 1 ? 0 : i;
      int q = y.length == 1 ? 0 : i;
      out[i] = integer(what, x[p], y[q]);
      if (nullable) {
        missing[i] = a.isMissing(p) || b.isMissing(q);
      }
      fits &= type.bytes() == Long.BYTES || (out[i] >= type.lowest() && out[i] <= type.highest());
    }
    return NumericColumn.integers(fits ? type : DType.INT64, out, missing);
  }

  /** The three of every day without questions to each row; false for others. */
  private static boolean fillWhole(Operation what, long[] x, long[] y, long[] out) {
    int p = x.length == 1 ? 0 : -1;
    int q = y.length == 1 ? 0 : -1;
    switch (what) {
      case ADD -> {
        for (int i = 0; i < out.length; i++) {
          out[i] = x[i & p] + y[i & q];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < out.length; i++) {
          out[i] = x[i & p] - y[i & q];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < out.length; i++) {
          out[i] = x[i & p] * y[i & q];
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Rows of both, of which one may have a single one. */
  static int commonSize(Column a, Column b) {
    if (b.size() == 1) {
      return a.size();
    }
    if (a.size() != 1) {
      Check.sameLength(b.size(), a.size(), "the second column", "the length of the first");
    }
    return b.size();
  }

  private static DType type(Operation what, Column a, Column b) {
    DType first = dtype(a);
    DType second = dtype(b);
    DType both = DType.promote(first, second);
    if (b.size() == 1 && a.size() != 1) {
      both = weak(first, second);
    } else if (a.size() == 1 && b.size() != 1) {
      both = weak(second, first);
    }
    if (both == DType.BOOL) {
      both = DType.INT64;
    }
    boolean negativePower = what == Operation.POWER && !both.isFloating() && anyNegative(b);
    boolean byZero = isRounding(what) && !both.isFloating() && anyZero(b);
    boolean divided = what == Operation.DIVIDE && !both.isFloating();
    return divided || negativePower || byZero ? DType.FLOAT64 : both;
  }

  private static boolean isRounding(Operation what) {
    return what == Operation.FLOOR_DIVIDE || what == Operation.REMAINDER;
  }

  private static DType weak(DType column, DType value) {
    if (column.isFloating()) {
      return column;
    }
    if (value.isFloating()) {
      return DType.FLOAT64;
    }
    return column == DType.BOOL ? DType.INT64 : column;
  }

  private static DType dtype(Column c) {
    if (c instanceof NumericColumn n) {
      return n.dtype();
    }
    if (c instanceof BooleanColumn) {
      return DType.BOOL;
    }
    if (c instanceof CategoricalColumn categories
        && !(categories.categories() instanceof StringColumn)) {
      return DType.FLOAT64;
    }
    throw new IllegalArgumentException(
        "arithmetic needs numbers, but a column is "
            + c.dtypeName()
            + " (first value '"
            + (c.size() == 0 ? "" : c.text(0))
            + "'); use astype(\"float\") where text holds numbers");
  }

  private static boolean anyNegative(Column c) {
    return c instanceof NumericColumn n
        && n.isInteger()
        && n.dtype().isSigned()
        && java.util.Arrays.stream(n.longs()).anyMatch(v -> v < 0);
  }

  private static boolean anyZero(Column c) {
    return c instanceof NumericColumn n
        && n.isInteger()
        && java.util.Arrays.stream(n.longs()).anyMatch(v -> v == 0);
  }

  private static boolean isNullable(Column c) {
    return (c instanceof NumericColumn n && n.isNullable())
        || (c instanceof BooleanColumn b && b.isNullable());
  }

  /** Not changed, hence not copied. */
  private static double[] numbers(Column c) {
    return c instanceof NumericColumn n && n.reals() != null ? n.reals() : c.toDoubles();
  }

  private static long[] longs(Column c) {
    return c instanceof NumericColumn n ? n.longs() : SortKeys.of(c);
  }

  private static double real(Operation what, double a, double b) {
    return switch (what) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case FLOOR_DIVIDE -> Math.floor(a / b);
      case REMAINDER -> {
        double rest = a % b;
        yield rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
      }
      case POWER -> Elementary.pow(a, b);
    };
  }

  private static long integer(Operation what, long a, long b) {
    return switch (what) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case FLOOR_DIVIDE -> Math.floorDiv(a, b);
      case REMAINDER -> Math.floorMod(a, b);
      case POWER -> power(a, b);
      case DIVIDE -> throw new AssertionError("whole numbers are divided as decimal ones");
    };
  }

  private static long power(long base, long exponent) {
    long out = 1;
    long factor = base;
    for (long left = exponent; left > 0; left >>= 1) {
      out *= (left & 1) == 1 ? factor : 1;
      factor *= factor;
    }
    return out;
  }
}
