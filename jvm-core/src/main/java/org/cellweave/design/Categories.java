package org.cellweave.design;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntFunction;
import org.cellweave.util.Check;

/**
 * A label for every cell: a batch, a cell type, a donor.
 *
 * <p>Missing labels (code -1) and levels without a cell are allowed here; a method says what it
 * does about them. {@link #complete()} refuses missing labels, {@link #members()} and {@link
 * #sizes()} leave their cells out, {@link #withoutUnused()} drops the levels that no cell has, and
 * {@link #atLeastTwo} and {@link #cellsInEach} refuse groupings that leave nothing to compare.
 */
public final class Categories implements Covariate {
  /** Code of a cell without a label. */
  public static final int MISSING = -1;

  private final String name;
  private final int[] codes;

  /** Null for levels that are called by their number. */
  private final String[] levels;

  private final int[] sizes;

  /**
   * @param name what messages call it, such as {@code obs['batch']}
   * @param codes positions in {@code levels}, -1 for a missing label; not copied
   * @param levels distinct names; levels without a cell are allowed
   * @throws IllegalArgumentException when a code has no level, or two levels have one name
   */
  public Categories(String name, int[] codes, String[] levels) {
    this(name, codes, levels.clone(), levels.length);
    Set<String> seen = new HashSet<>();
    for (String level : levels) {
      if (!seen.add(level)) {
        throw new IllegalArgumentException(
            "levels of " + name + " must be distinct, got '" + level + "' twice");
      }
    }
  }

  private Categories(String name, int[] codes, String[] levels, int nLevels) {
    this.name = name;
    this.codes = codes;
    this.levels = levels;
    this.sizes = new int[nLevels];
    for (int i = 0; i < codes.length; i++) {
      int code = codes[i];
      if (code < MISSING || code >= nLevels) {
        throw new IllegalArgumentException(
            "codes of "
                + name
                + " must lie in [0, "
                + nLevels
                + "), or be -1 for a missing label, got "
                + code
                + " for cell "
                + i);
      }
      if (code >= 0) {
        sizes[code]++;
      }
    }
  }

  /** Levels called by their number, as many as the largest code asks for. */
  public static Categories of(String name, int... codes) {
    int largest = MISSING;
    for (int code : codes) {
      largest = Math.max(largest, code);
    }
    return new Categories(name, codes, null, largest + 1);
  }

  /** As {@link #of}, of {@code nCells} cells that all have a label. */
  public static Categories complete(String name, int[] codes, int nCells) {
    return of(name, codes).forCells(nCells).complete();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int nCells() {
    return codes.length;
  }

  /** The level of every cell, -1 where it is missing; not a copy. */
  public int[] codes() {
    return codes;
  }

  public int code(int cell) {
    return codes[cell];
  }

  public int nLevels() {
    return sizes.length;
  }

  public String level(int level) {
    return levels == null
        ? Integer.toString(Check.index(level, sizes.length, "level"))
        : levels[level];
  }

  public String[] levels() {
    String[] out = new String[sizes.length];
    Arrays.setAll(out, this::level);
    return out;
  }

  /** Cells of every level; not a copy. */
  public int[] sizes() {
    return sizes;
  }

  public int size(int level) {
    return sizes[level];
  }

  /** Levels that have a cell. */
  public int used() {
    int used = 0;
    for (int size : sizes) {
      used += size > 0 ? 1 : 0;
    }
    return used;
  }

  /** The cells of every level, ascending. */
  public int[][] members() {
    int[][] members = new int[sizes.length][];
    for (int g = 0; g < sizes.length; g++) {
      members[g] = new int[sizes[g]];
    }
    int[] at = new int[sizes.length];
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] >= 0) {
        members[codes[i]][at[codes[i]]++] = i;
      }
    }
    return members;
  }

  /** The codes of some cells. */
  public int[] take(int[] cells) {
    int[] out = new int[cells.length];
    for (int i = 0; i < cells.length; i++) {
      out[i] = codes[cells[i]];
    }
    return out;
  }

  /** The same labels of some cells, in their order; levels stay. */
  public Categories subset(int[] cells) {
    return new Categories(name, take(cells), levels, sizes.length);
  }

  /** The same labels with the levels that no cell has left out; this one when all are used. */
  public Categories withoutUnused() {
    int used = used();
    if (used == sizes.length) {
      return this;
    }
    int[] number = new int[sizes.length];
    String[] names = new String[used];
    int next = 0;
    for (int l = 0; l < sizes.length; l++) {
      if (sizes[l] > 0) {
        names[next] = level(l);
        number[l] = next++;
      }
    }
    int[] renumbered = new int[codes.length];
    for (int i = 0; i < codes.length; i++) {
      renumbered[i] = codes[i] < 0 ? MISSING : number[codes[i]];
    }
    return new Categories(name, renumbered, names, used);
  }

  /**
   * @throws org.cellweave.util.ShapeMismatchException when this describes another number of cells
   */
  public Categories forCells(int nCells) {
    Check.sameLength(codes.length, nCells, name, "the number of cells");
    return this;
  }

  /**
   * @throws IllegalArgumentException tells how many cells lack a label, and the first of them
   */
  public Categories complete() {
    return complete("cell", Integer::toString);
  }

  /**
   * As {@link #complete()}: the one place that refuses missing labels.
   *
   * @param kind what the labels are of, such as {@code "cell"} or {@code "clone"}
   * @param called what the message calls one of them, by its number
   */
  public Categories complete(String kind, IntFunction<String> called) {
    int missing = codes.length;
    for (int size : sizes) {
      missing -= size;
    }
    if (missing == 0) {
      return this;
    }
    int first = 0;
    while (codes[first] >= 0) {
      first++;
    }
    throw new IllegalArgumentException(
        name
            + " has "
            + (missing == 1 ? "1 missing label, for " : missing + " missing labels, the first for ")
            + (kind + " " + called.apply(first))
            + (". Give every " + kind + " a label, or subset to the " + kind + "s that have one"));
  }

  /**
   * @param why two are needed
   * @throws IllegalArgumentException when fewer than two levels have a cell
   */
  public Categories atLeastTwo(String why) {
    if (used() < 2) {
      throw new IllegalArgumentException(
          name + " must have at least two levels, got " + used() + ": " + why);
    }
    return this;
  }

  /**
   * @param least cells that every level must have
   * @param step that needs them
   * @throws IllegalArgumentException names the first level with fewer
   */
  public Categories cellsInEach(int least, String step) {
    for (int l = 0; l < sizes.length; l++) {
      if (sizes[l] < least) {
        throw new IllegalArgumentException(
            "level '"
                + level(l)
                + "' of "
                + name
                + " has "
                + sizes[l]
                + (sizes[l] == 1 ? " cell" : " cells")
                + ", but "
                + step
                + " needs at least "
                + least
                + " in each. Merge it with another level or remove it");
      }
    }
    return this;
  }

  /**
   * Refuses a measured quantity that was taken for labels.
   *
   * @param step that needs labels which many cells share
   * @throws IllegalArgumentException when levels outnumber half of the cells
   */
  public Categories shared(String step) {
    return shared(step, "cells");
  }

  /**
   * As {@link #shared(String)}.
   *
   * @param kinds what the labels are of, such as {@code "cells"} or {@code "clones"}
   */
  public Categories shared(String step, String kinds) {
    int used = used();
    if (used > codes.length / 2) {
      throw new IllegalArgumentException(
          name
              + " has "
              + used
              + " levels for "
              + codes.length
              + (" " + kinds + "; ")
              + step
              + (" needs labels that many " + kinds)
              + " share. A measured quantity must be cut into classes first");
    }
    return this;
  }
}
