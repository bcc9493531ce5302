package org.cellweave.util;

import java.util.function.Supplier;

/**
 * Rows that a step cannot take for what they hold as a whole. The message says {@code row i of x},
 * and those who know the names of rows can put them there.
 */
public final class RefusedRowException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String before;
  private final String name;
  private final int nRows;
  private final String after;
  private final int[] rows;

  /**
   * @param before the message up to the place of the rows
   * @param name of the matrix
   * @param nRows of that matrix
   * @param after the message behind it
   * @param rows one or two, counted from 0
   */
  public RefusedRowException(String before, String name, int nRows, String after, int... rows) {
    super(before + place(rows) + " of " + name + after);
    this.before = before;
    this.name = name;
    this.nRows = nRows;
    this.after = after;
    this.rows = rows.clone();
  }

  private static String place(int[] rows) {
    return rows.length == 1 ? "row " + rows[0] : "rows " + rows[0] + " and " + rows[1];
  }

  /** The message with other words for the rows and their matrix. */
  public String calling(String place) {
    return before + place + after;
  }

  /** What the matrix is called in the message. */
  public String name() {
    return name;
  }

  /** Rows of that matrix. */
  public int nRows() {
    return nRows;
  }

  public int[] rows() {
    return rows.clone();
  }

  /**
   * Runs a step on some rows of a matrix; those that it refuses are told by their place in the
   * whole.
   *
   * @param part what the step calls the matrix of these rows
   * @param places of these rows in the whole
   * @param whole what that is called
   * @param nRows of the whole
   */
  public static <T> T among(String part, int[] places, String whole, int nRows, Supplier<T> step) {
    try {
      return step.get();
    } catch (RefusedRowException e) {
      if (!e.name.equals(part)) {
        throw e;
      }
      int[] there = new int[e.rows.length];
      for (int r = 0; r < there.length; r++) {
        there[r] = places[e.rows[r]];
      }
      var told = new RefusedRowException(e.before, whole, nRows, e.after, there);
      told.initCause(e);
      throw told;
    }
  }

  /** Runs a step that calls a matrix {@code from}; refused rows are told as those of {@code to}. */
  public static <T> T renaming(String from, String to, Supplier<T> step) {
    try {
      return step.get();
    } catch (RefusedRowException e) {
      throw e.name.equals(from)
          ? new RefusedRowException(e.before, to, e.nRows, e.after, e.rows)
          : e;
    }
  }
}
