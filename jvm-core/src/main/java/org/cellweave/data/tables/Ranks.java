package org.cellweave.data.tables;

import java.util.Arrays;
import org.cellweave.data.Column;

/** Places of values in order, from 1; missing values have none. */
public final class Ranks {
  private Ranks() {}

  /** What equal values get. */
  public enum Ties {
    /** The mean of their places. */
    AVERAGE,
    /** The first of their places. */
    MIN,
    /** The last of their places. */
    MAX,
    /** Each its own, in the order of rows. */
    FIRST,
    /** As the first one, with the next value one above. */
    DENSE
  }

  public static double[] of(Column column, Ties ties, boolean ascending) {
    int[] order = RowOrder.of(column, ascending);
    long[] keys = SortKeys.of(column);
    double[] out = new double[order.length];
    Arrays.fill(out, Double.NaN);
    int n = 0;
    while (n < order.length && !column.isMissing(order[n])) {
      n++;
    }
    int distinct = 0;
    for (int from = 0; from < n; ) {
      int to = from + 1;
      while (to < n && keys[order[to]] == keys[order[from]]) {
        to++;
      }
      distinct++;
      for (int i = from; i < to; i++) {
        out[order[i]] =
            switch (ties) {
              case AVERAGE -> (from + 1 + to) / 2.0;
              case MIN -> from + 1;
              case MAX -> to;
              case FIRST -> i + 1;
              case DENSE -> distinct;
            };
      }
      from = to;
    }
    return out;
  }
}
