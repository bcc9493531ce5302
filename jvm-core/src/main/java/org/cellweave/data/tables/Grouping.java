package org.cellweave.data.tables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;

/**
 * Rows in groups of equal values in some columns.
 *
 * <p>Groups come in the order of their values: categories in theirs, numbers by size, text by its
 * letters. Cost: O(rows), and O(groups log groups) for their order.
 */
public final class Grouping {
  private static final int DIRECT = 1 << 22;

  private final int[] codes;
  private final int size;
  private final List<Column> keys;
  private int[] starts;
  private int[] order;

  private Grouping(int[] codes, int size, List<Column> keys) {
    this.codes = codes;
    this.size = size;
    this.keys = keys;
  }

  /**
   * @param observed leaves out combinations of categories that no row has
   * @param sort orders groups by their values, otherwise by their first row
   * @param dropMissing leaves out rows with a missing value; otherwise they make groups, the last
   *     ones
   */
  public record Options(boolean observed, boolean sort, boolean dropMissing) {
    public static final Options DEFAULTS = new Options(true, true, true);
  }

  /** All rows in one group without a key. */
  public static Grouping whole(int rows) {
    return new Grouping(new int[rows], 1, List.of());
  }

  /** Rows by the values of these columns, at least one. */
  public static Grouping of(List<Column> by, Options options) {
    List<Factor> factors = new ArrayList<>();
    for (Column column : by) {
      Factor factor = Factor.of(column);
      factors.add(options.dropMissing() ? factor : factor.withMissing());
    }
    long[] combined = combined(factors);
    long all = 1;
    for (Factor factor : factors) {
      all = Math.multiplyExact(all, Math.max(1, factor.levels().size()));
    }
    boolean full = !options.observed() && by.stream().anyMatch(CategoricalColumn.class::isInstance);
    if (full && all > DIRECT) {
      throw new IllegalArgumentException(
          "observed = false asks for a row for each of "
              + all
              + " combinations; use observed = true");
    }
    long[] found = distinct(combined, all);
    long[] groups = full ? completed(found, all) : found;
    if (options.sort()) {
      Arrays.sort(groups);
    }
    return of(factors, combined, groups, all);
  }

  private static Grouping of(List<Factor> factors, long[] combined, long[] groups, long all) {
    int[] codes = all <= DIRECT ? direct(combined, groups, (int) all) : hashed(combined, groups);
    List<Column> keys = new ArrayList<>();
    long below = all;
    for (Factor factor : factors) {
      long levels = Math.max(1, factor.levels().size());
      below /= levels;
      int[] at = new int[groups.length];
      for (int g = 0; g < at.length; g++) {
        at[g] = (int) (groups[g] / below % levels);
      }
      keys.add(factor.values(at));
    }
    return new Grouping(codes, groups.length, List.copyOf(keys));
  }

  private static long[] combined(List<Factor> factors) {
    int[] first = factors.get(0).codes();
    long[] out = new long[first.length];
    for (Factor factor : factors) {
      int[] codes = factor.codes();
      long levels = Math.max(1, factor.levels().size());
      for (int i = 0; i < out.length; i++) {
        out[i] = out[i] < 0 || codes[i] < 0 ? -1 : out[i] * levels + codes[i];
      }
    }
    return out;
  }

  /** Those that occur, in the order of their first row. */
  private static long[] distinct(long[] combined, long all) {
    if (all > DIRECT) {
      var codes = new LongCodes();
      for (long key : combined) {
        if (key >= 0) {
          codes.add(key);
        }
      }
      return codes.distinct();
    }
    boolean[] seen = new boolean[(int) all];
    long[] out = new long[(int) Math.min(all, combined.length)];
    int n = 0;
    for (long key : combined) {
      if (key >= 0 && !seen[(int) key]) {
        seen[(int) key] = true;
        out[n++] = key;
      }
    }
    return Arrays.copyOf(out, n);
  }

  /** Those found, then the others in order. */
  private static long[] completed(long[] found, long all) {
    boolean[] seen = new boolean[(int) all];
    long[] out = Arrays.copyOf(found, (int) all);
    for (long key : found) {
      seen[(int) key] = true;
    }
    int n = found.length;
    for (int key = 0; key < seen.length; key++) {
      if (!seen[key]) {
        out[n++] = key;
      }
    }
    return out;
  }

  private static int[] direct(long[] combined, long[] groups, int all) {
    int[] place = new int[all];
    for (int g = 0; g < groups.length; g++) {
      place[(int) groups[g]] = g;
    }
    int[] out = new int[combined.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = combined[i] < 0 ? -1 : place[(int) combined[i]];
    }
    return out;
  }

  private static int[] hashed(long[] combined, long[] groups) {
    var codes = new LongCodes();
    for (long key : groups) {
      codes.add(key);
    }
    int[] out = new int[combined.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = combined[i] < 0 ? -1 : codes.add(combined[i]);
    }
    return out;
  }

  /** Group of every row, not copied; -1 where a key is missing. */
  public int[] codes() {
    return codes;
  }

  /** Number of groups. */
  public int size() {
    return size;
  }

  /** The values of every group, one column for each one grouped by. */
  public List<Column> keys() {
    return keys;
  }

  /** Rows of one group, ascending. */
  public int[] rows(int group) {
    order();
    return Arrays.copyOfRange(order, starts[group], starts[group + 1]);
  }

  /** Where the rows of each group start in {@link #order()}, and where the last ones end. */
  int[] starts() {
    order();
    return starts;
  }

  /** Rows group after group, ascending within. */
  int[] order() {
    if (order == null) {
      int[] first = new int[size + 1];
      for (int code : codes) {
        if (code >= 0) {
          first[code + 1]++;
        }
      }
      for (int g = 0; g < size; g++) {
        first[g + 1] += first[g];
      }
      int[] rows = new int[first[size]];
      int[] next = first.clone();
      for (int i = 0; i < codes.length; i++) {
        if (codes[i] >= 0) {
          rows[next[codes[i]]++] = i;
        }
      }
      starts = first;
      order = rows;
    }
    return order;
  }
}
