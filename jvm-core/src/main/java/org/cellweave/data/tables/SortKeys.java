package org.cellweave.data.tables;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.cellweave.data.BooleanColumn;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.matrix.DType;

/**
 * Columns as whole numbers that are equal where values are and ordered as values are: numbers by
 * size, categories by their order, text by its letters. What stands for a missing value is not told
 * apart here.
 */
final class SortKeys {
  private SortKeys() {}

  static long[] of(Column column) {
    if (column instanceof NumericColumn numbers) {
      return numbers(numbers);
    }
    if (column instanceof CategoricalColumn categories) {
      return Arrays.stream(categories.codes()).asLongStream().toArray();
    }
    if (column instanceof BooleanColumn booleans) {
      long[] out = new long[booleans.size()];
      for (int i = 0; i < out.length; i++) {
        out[i] = booleans.get(i) ? 1 : 0;
      }
      return out;
    }
    return texts((StringColumn) column);
  }

  private static long[] numbers(NumericColumn column) {
    long[] integers = column.longs();
    double[] reals = column.reals();
    long[] out = new long[column.size()];
    boolean unsigned = column.dtype() == DType.UINT64;
    for (int i = 0; i < out.length; i++) {
      if (integers == null) {
        // Adding zero makes the negative zero a positive one.
        out[i] = ordered(reals[i] + 0.0);
      } else {
        out[i] = unsigned ? integers[i] ^ Long.MIN_VALUE : integers[i];
      }
    }
    return out;
  }

  /** Bits of a number in the order of its size. */
  static long ordered(double value) {
    long bits = Double.doubleToLongBits(value);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  private static long[] texts(StringColumn column) {
    String[] values = column.values();
    Map<String, Integer> first = new HashMap<>();
    int[] codes = new int[values.length];
    for (int i = 0; i < codes.length; i++) {
      if (values[i] != null) {
        Integer known = first.putIfAbsent(values[i], first.size());
        codes[i] = known == null ? first.size() - 1 : known;
      }
    }
    String[] sorted = first.keySet().toArray(new String[0]);
    Arrays.sort(sorted);
    int[] rank = new int[sorted.length];
    for (int r = 0; r < sorted.length; r++) {
      rank[first.get(sorted[r])] = r;
    }
    long[] out = new long[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i] == null ? -1 : rank[codes[i]];
    }
    return out;
  }
}
