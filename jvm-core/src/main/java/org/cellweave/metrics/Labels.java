package org.cellweave.metrics;

import org.cellweave.util.Check;

/** Checked codes of a grouping: {@code 0 .. count - 1}, each cell in one group. */
final class Labels {
  final int[] codes;
  final int[] sizes;

  private Labels(int[] codes, int[] sizes) {
    this.codes = codes;
    this.sizes = sizes;
  }

  /**
   * @throws IllegalArgumentException when a code is negative, which stands for a missing label
   */
  static Labels of(int[] codes, int nCells, String name) {
    Check.sameLength(codes.length, nCells, name, "the number of cells");
    int count = 0;
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] < 0) {
        throw new IllegalArgumentException(
            name
                + " is missing for cell "
                + i
                + ". Give every cell a label, or subset to the cells that have one first.");
      }
      count = Math.max(count, codes[i] + 1);
    }
    int[] sizes = new int[count];
    for (int code : codes) {
      sizes[code]++;
    }
    return new Labels(codes, sizes);
  }

  /** Groups that have a cell. */
  int used() {
    int used = 0;
    for (int size : sizes) {
      used += size > 0 ? 1 : 0;
    }
    return used;
  }

  /**
   * @throws IllegalArgumentException when there are fewer than two groups
   */
  Labels atLeastTwo(String name, String why) {
    if (used() < 2) {
      throw new IllegalArgumentException(
          name + " must have at least two levels, got " + used() + ": " + why);
    }
    return this;
  }

  /** The cells of every group, ascending. */
  int[][] members() {
    int[][] members = new int[sizes.length][];
    for (int g = 0; g < sizes.length; g++) {
      members[g] = new int[sizes[g]];
    }
    int[] at = new int[sizes.length];
    for (int i = 0; i < codes.length; i++) {
      members[codes[i]][at[codes[i]]++] = i;
    }
    return members;
  }

  /** The codes of some cells. */
  int[] take(int[] cells) {
    int[] out = new int[cells.length];
    for (int i = 0; i < cells.length; i++) {
      out[i] = codes[cells[i]];
    }
    return out;
  }
}
