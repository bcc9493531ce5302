package org.cellweave.data.tables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.data.Column;
import org.cellweave.data.StackedColumns;
import org.cellweave.util.Check;

/**
 * Rows of two tables that have the same keys, by pandas' rules: rows of {@code inner} and {@code
 * left} in the order of the left table, of {@code right} in that of the right one, of {@code outer}
 * in the order of the keys. Missing keys match each other, as in pandas.
 *
 * @param left row of the left table, -1 where it has none
 * @param right row of the right table, -1 where it has none
 */
public record Join(int[] left, int[] right) {

  /** Which rows are kept. */
  public enum How {
    /** Rows with a partner. */
    INNER,
    /** All of the left table. */
    LEFT,
    /** All of the right table. */
    RIGHT,
    /** All of both. */
    OUTER
  }

  /**
   * @param left key columns of the left table
   * @param right as many of the right table
   */
  public static Join of(List<Column> left, List<Column> right, How how) {
    Check.sameLength(right.size(), left.size(), "right keys", "the number of left keys");
    int n = left.get(0).size();
    int m = right.get(0).size();
    List<Column> both = new ArrayList<>();
    for (int k = 0; k < left.size(); k++) {
      both.add(StackedColumns.of(Arrays.asList(left.get(k), right.get(k)), new int[] {n, m}));
    }
    Grouping groups = Grouping.of(both, new Grouping.Options(true, true, false));
    int[] a = Arrays.copyOf(groups.codes(), n);
    int[] b = Arrays.copyOfRange(groups.codes(), n, n + m);
    return switch (how) {
      case INNER -> pairs(a, b, groups.size(), false);
      case LEFT -> pairs(a, b, groups.size(), true);
      case RIGHT -> {
        Join turned = pairs(b, a, groups.size(), true);
        yield new Join(/* left= */ turned.right, /* right= */ turned.left);
      }
      case OUTER -> outer(a, b, groups.size());
    };
  }

  /** Rows of the first with each of their partners, in order. */
  private static Join pairs(int[] first, int[] second, int nKeys, boolean keepAll) {
    int[] starts = new int[nKeys + 1];
    int[] rows = segments(second, starts);
    var a = new Rows();
    var b = new Rows();
    for (int i = 0; i < first.length; i++) {
      int from = starts[first[i]];
      int to = starts[first[i] + 1];
      for (int p = from; p < to; p++) {
        a.add(i);
        b.add(rows[p]);
      }
      if (from == to && keepAll) {
        a.add(i);
        b.add(-1);
      }
    }
    return new Join(a.array(), b.array());
  }

  private static Join outer(int[] first, int[] second, int nKeys) {
    int[] startsA = new int[nKeys + 1];
    int[] startsB = new int[nKeys + 1];
    int[] rowsA = segments(first, startsA);
    int[] rowsB = segments(second, startsB);
    var a = new Rows();
    var b = new Rows();
    for (int key = 0; key < nKeys; key++) {
      int endA = Math.max(startsA[key + 1], startsA[key] + 1);
      int endB = Math.max(startsB[key + 1], startsB[key] + 1);
      for (int p = startsA[key]; p < endA; p++) {
        for (int q = startsB[key]; q < endB; q++) {
          a.add(p < startsA[key + 1] ? rowsA[p] : -1);
          b.add(q < startsB[key + 1] ? rowsB[q] : -1);
        }
      }
    }
    return new Join(a.array(), b.array());
  }

  private static int[] segments(int[] codes, int[] starts) {
    for (int code : codes) {
      starts[code + 1]++;
    }
    for (int key = 0; key + 1 < starts.length; key++) {
      starts[key + 1] += starts[key];
    }
    int[] next = starts.clone();
    int[] rows = new int[codes.length];
    for (int i = 0; i < codes.length; i++) {
      rows[next[codes[i]]++] = i;
    }
    return rows;
  }

  /** A growing list of rows. */
  private static final class Rows {
    private int[] values = new int[64];
    private int size;

    void add(int row) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = row;
    }

    int[] array() {
      return Arrays.copyOf(values, size);
    }
  }
}
