package org.cellweave.design;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several label columns as one: the combinations of levels that occur, so that cells which agree in
 * all columns are told by one number.
 *
 * <p>Levels are numbered through all columns: those of the first, then those of the second. Cost:
 * O(N) per column, with a table of at most 4 million entries.
 */
public final class LevelCombinations {
  private static final long MARKED = 1 << 22;

  private final int[] firstLevel;
  private final int[] codes;
  private final int[][] levels;

  private LevelCombinations(int[] firstLevel, int[] codes, int[][] levels) {
    this.firstLevel = firstLevel;
    this.codes = codes;
    this.levels = levels;
  }

  /**
   * @param columns without missing labels, each of {@code nCells} cells; none at all is one
   *     combination without levels
   */
  public static LevelCombinations of(List<Categories> columns, int nCells) {
    int[] firstLevel = new int[columns.size() + 1];
    for (int c = 0; c < columns.size(); c++) {
      columns.get(c).forCells(nCells).complete();
      firstLevel[c + 1] = firstLevel[c] + columns.get(c).nLevels();
    }
    int[] codes = new int[nCells];
    int[][] levels = {{}};
    for (int c = 0; c < columns.size(); c++) {
      levels = joined(levels, codes, columns.get(c), firstLevel[c]);
    }
    return new LevelCombinations(firstLevel, codes, levels);
  }

  /** Replaces {@code codes} by those of the combinations with one column more. */
  private static int[][] joined(int[][] known, int[] codes, Categories column, int first) {
    int nLevels = column.nLevels();
    long[] pairs = new long[codes.length];
    for (int i = 0; i < codes.length; i++) {
      pairs[i] = (long) codes[i] * nLevels + column.code(i);
    }
    long size = (long) known.length * nLevels;
    long[] distinct = size <= MARKED ? marked(pairs, (int) size) : sortedDistinct(pairs);
    int[] number = size <= MARKED ? new int[(int) size] : null;
    int[][] out = new int[distinct.length][];
    for (int j = 0; j < distinct.length; j++) {
      int[] before = known[(int) (distinct[j] / nLevels)];
      out[j] = Arrays.copyOf(before, before.length + 1);
      out[j][before.length] = first + (int) (distinct[j] % nLevels);
      if (number != null) {
        number[(int) distinct[j]] = j;
      }
    }
    for (int i = 0; i < codes.length; i++) {
      codes[i] = number != null ? number[(int) pairs[i]] : Arrays.binarySearch(distinct, pairs[i]);
    }
    return out;
  }

  private static long[] marked(long[] pairs, int size) {
    boolean[] seen = new boolean[size];
    for (long p : pairs) {
      seen[(int) p] = true;
    }
    return IntStream.range(0, size).filter(p -> seen[p]).asLongStream().toArray();
  }

  private static long[] sortedDistinct(long[] pairs) {
    return Arrays.stream(pairs).sorted().distinct().toArray();
  }

  /** First level of every column, and the number of levels at the end; not a copy. */
  public int[] firstLevel() {
    return firstLevel;
  }

  /** The combination of every cell; not a copy. */
  public int[] codes() {
    return codes;
  }

  /** The levels of every combination, column by column; not a copy. */
  public int[][] levels() {
    return levels;
  }
}
