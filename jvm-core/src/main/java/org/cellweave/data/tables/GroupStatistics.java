package org.cellweave.data.tables;

import java.util.Arrays;
import org.cellweave.data.BooleanColumn;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.matrix.DType;
import org.cellweave.util.Parallel;

/**
 * Statistics of a column in each group, with pandas' rules: missing values are left out, variances
 * are divided by {@code n - ddof}, sums of whole numbers are whole, quantiles are linear.
 *
 * <p>Sums are compensated (Kahan), as pandas' are, and taken in blocks of rows that do not depend
 * on the number of threads. Cost: O(rows), on average for medians and quantiles too.
 */
public final class GroupStatistics {
  private GroupStatistics() {}

  /**
   * One value for each group.
   *
   * @param ddof what is taken from the number of values for {@code VAR}, {@code STD}, {@code SEM}
   * @throws IllegalArgumentException for a statistic of numbers over text or categories
   */
  public static Column of(Statistic what, Column column, Grouping groups, int ddof) {
    return switch (what) {
      case SIZE -> NumericColumn.of(sizes(groups));
      case COUNT -> NumericColumn.of(counts(column, groups));
      case NUNIQUE -> NumericColumn.of(distinct(column, groups));
      case FIRST, LAST, MIN, MAX -> column.take(rows(what, column, groups));
      case SUM -> sum(column, groups);
      case PROD -> NumericColumn.of(products(numbers(column), groups));
      case MEAN -> real(column, GroupSums.of(numbers(column), groups).means());
      case VAR -> real(column, variances(numbers(column), groups, ddof));
      case STD, SEM -> real(column, deviations(what, numbers(column), groups, ddof));
      case MEDIAN -> real(column, quantiles(numbers(column), groups, 0.5));
    };
  }

  /** The value below which this share of each group's values lies. */
  public static Column quantile(Column column, Grouping groups, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("q must lie in [0, 1], got " + share);
    }
    return real(column, quantiles(numbers(column), groups, share));
  }

  private static double[] numbers(Column column) {
    if (column instanceof StringColumn
        || (column instanceof CategoricalColumn c && c.categories() instanceof StringColumn)) {
      throw new IllegalArgumentException(
          "a statistic of numbers cannot be taken of a column of type "
              + column.dtypeName()
              + " (first value '"
              + (column.size() == 0 ? "" : column.text(0))
              + "'); choose numeric columns, or use astype(\"float\") where text holds numbers");
    }
    // Not changed, hence not copied.
    return column instanceof NumericColumn n && n.reals() != null ? n.reals() : column.toDoubles();
  }

  /** float32 stays float32, everything else becomes float64. */
  private static Column real(Column source, double[] values) {
    if (source instanceof NumericColumn n && n.dtype() == DType.FLOAT32) {
      Arrays.setAll(values, i -> (double) (float) values[i]);
      return NumericColumn.reals(DType.FLOAT32, values);
    }
    return NumericColumn.of(values);
  }

  private static long[] sizes(Grouping groups) {
    long[] out = new long[groups.size()];
    for (int code : groups.codes()) {
      if (code >= 0) {
        out[code]++;
      }
    }
    return out;
  }

  private static long[] counts(Column column, Grouping groups) {
    int[] codes = groups.codes();
    long[] out = new long[groups.size()];
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] >= 0 && !column.isMissing(i)) {
        out[codes[i]]++;
      }
    }
    return out;
  }

  private static long[] distinct(Column column, Grouping groups) {
    int[] values = Factor.of(column).codes();
    int[] codes = groups.codes();
    var seen = new LongCodes();
    long[] out = new long[groups.size()];
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] >= 0 && values[i] >= 0) {
        int before = seen.size();
        if (seen.add((long) codes[i] << 32 | values[i]) == before) {
          out[codes[i]]++;
        }
      }
    }
    return out;
  }

  /** The row that holds the value asked for, -1 of none. */
  private static int[] rows(Statistic what, Column column, Grouping groups) {
    boolean extreme = what == Statistic.MIN || what == Statistic.MAX;
    long[] keys = extreme ? SortKeys.of(column) : new long[0];
    int[] codes = groups.codes();
    int[] out = new int[groups.size()];
    Arrays.fill(out, -1);
    for (int i = 0; i < codes.length; i++) {
      int g = codes[i];
      if (g < 0 || column.isMissing(i)) {
        continue;
      }
      boolean better =
          out[g] < 0
              || switch (what) {
                case MIN -> keys[i] < keys[out[g]];
                case MAX -> keys[i] > keys[out[g]];
                default -> what == Statistic.LAST;
              };
      if (better) {
        out[g] = i;
      }
    }
    return out;
  }

  /** The row of each group's smallest or largest value, -1 of none. */
  public static int[] extremeRows(Column column, Grouping groups, boolean smallest) {
    return rows(smallest ? Statistic.MIN : Statistic.MAX, column, groups);
  }

  private static Column sum(Column column, Grouping groups) {
    if (column instanceof BooleanColumn
        || (column instanceof NumericColumn numbers && numbers.isInteger())) {
      boolean unsigned = column instanceof NumericColumn numbers && !numbers.dtype().isSigned();
      DType type = unsigned ? DType.UINT64 : DType.INT64;
      return NumericColumn.integers(type, wholeSums(column, groups), null);
    }
    return real(column, GroupSums.of(numbers(column), groups).sums());
  }

  private static long[] wholeSums(Column column, Grouping groups) {
    long[] values = column instanceof NumericColumn n ? n.longs() : SortKeys.of(column);
    int[] codes = groups.codes();
    long[] out = new long[groups.size()];
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] >= 0 && !column.isMissing(i)) {
        out[codes[i]] += values[i];
      }
    }
    return out;
  }

  private static double[] products(double[] values, Grouping groups) {
    int[] codes = groups.codes();
    double[] out = new double[groups.size()];
    Arrays.fill(out, 1);
    for (int i = 0; i < values.length; i++) {
      if (codes[i] >= 0 && !Double.isNaN(values[i])) {
        out[codes[i]] *= values[i];
      }
    }
    return out;
  }

  private static double[] variances(double[] values, Grouping groups, int ddof) {
    GroupSums sums = GroupSums.of(values, groups);
    long[] n = sums.counts();
    double[] out = GroupSums.ofSquares(values, groups, sums.means()).sums();
    for (int g = 0; g < out.length; g++) {
      out[g] = n[g] > ddof ? out[g] / (n[g] - ddof) : Double.NaN;
    }
    return out;
  }

  private static double[] deviations(Statistic what, double[] values, Grouping groups, int ddof) {
    double[] out = variances(values, groups, ddof);
    long[] n = what == Statistic.SEM ? GroupSums.of(values, groups).counts() : new long[out.length];
    for (int g = 0; g < out.length; g++) {
      out[g] = what == Statistic.STD ? Math.sqrt(out[g]) : Math.sqrt(out[g] / n[g]);
    }
    return out;
  }

  private static double[] quantiles(double[] values, Grouping groups, double share) {
    int[] order = groups.order();
    int[] starts = groups.starts();
    double[] out = new double[groups.size()];
    Parallel.forRange(
        out.length,
        1,
        (first, last) -> {
          for (int g = first; g < last; g++) {
            out[g] = quantile(values, order, starts[g], starts[g + 1], share);
          }
        });
    return out;
  }

  private static double quantile(double[] values, int[] order, int from, int to, double share) {
    double[] own = new double[to - from];
    int n = 0;
    for (int i = from; i < to; i++) {
      double value = values[order[i]];
      if (!Double.isNaN(value)) {
        own[n++] = value;
      }
    }
    return Selection.quantile(own, n, share);
  }
}
