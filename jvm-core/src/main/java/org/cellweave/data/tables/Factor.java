package org.cellweave.data.tables;

import java.util.Arrays;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;

/**
 * A column as codes into its distinct values in order; those of a categorical one are its
 * categories.
 */
final class Factor {
  private final int[] codes;
  private final Column levels;
  private final Column source;

  private Factor(int[] codes, Column levels, Column source) {
    this.codes = codes;
    this.levels = levels;
    this.source = source;
  }

  static Factor of(Column column) {
    if (column instanceof CategoricalColumn c) {
      return new Factor(c.codes(), c.categories(), column);
    }
    long[] keys = SortKeys.of(column);
    var found = new LongCodes();
    int[] codes = new int[keys.length];
    int[] firstRow = new int[16];
    for (int i = 0; i < codes.length; i++) {
      int before = found.size();
      codes[i] = column.isMissing(i) ? -1 : found.add(keys[i]);
      if (codes[i] == before) {
        firstRow = before < firstRow.length ? firstRow : Arrays.copyOf(firstRow, 2 * before);
        firstRow[before] = i;
      }
    }
    return sorted(column, codes, found.distinct(), firstRow);
  }

  private static Factor sorted(Column column, int[] codes, long[] distinct, int[] firstRow) {
    int[] order = new int[distinct.length];
    Arrays.setAll(order, i -> i);
    RowOrder.merge(order, order.length, distinct);
    int[] rank = new int[order.length];
    int[] rows = new int[order.length];
    for (int r = 0; r < order.length; r++) {
      rank[order[r]] = r;
      rows[r] = firstRow[order[r]];
    }
    for (int i = 0; i < codes.length; i++) {
      codes[i] = codes[i] < 0 ? -1 : rank[codes[i]];
    }
    return new Factor(codes, column.take(rows), column);
  }

  /** Missing values as a level of their own, the last one, where there are any. */
  Factor withMissing() {
    int[] filled = codes.clone();
    boolean any = false;
    for (int i = 0; i < filled.length; i++) {
      any |= filled[i] < 0;
      filled[i] = filled[i] < 0 ? levels.size() : filled[i];
    }
    if (!any) {
      return this;
    }
    int[] at = new int[levels.size() + 1];
    Arrays.setAll(at, i -> i == levels.size() ? -1 : i);
    return new Factor(filled, levels.take(at), source);
  }

  /** Code of every row, not copied; -1 where missing. */
  int[] codes() {
    return codes;
  }

  Column levels() {
    return levels;
  }

  /** Levels as a column of the source's type, categorical where that is. */
  Column values(int[] at) {
    if (source instanceof CategoricalColumn c) {
      int[] own = new int[at.length];
      Arrays.setAll(own, i -> at[i] >= c.nCategories() ? -1 : at[i]);
      return new CategoricalColumn(own, c.categories(), c.isOrdered());
    }
    return levels.take(at);
  }
}
