package org.cellweave.util;

/** A value that is NaN, infinite or too large where a step needs finite numbers, and its place. */
public final class NonFiniteException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final int row;
  private final int column;
  private final double value;

  /**
   * @param name of the matrix or list of values
   * @param row of the value, counted from 0
   * @param column of the value; -1 in a list, which has none
   */
  public NonFiniteException(String message, String name, int row, int column, double value) {
    super(message);
    this.name = name;
    this.row = row;
    this.column = column;
    this.value = value;
  }

  /** What the matrix or list is called in the message. */
  public String name() {
    return name;
  }

  public int row() {
    return row;
  }

  /** -1 where the value is one of a list. */
  public int column() {
    return column;
  }

  public double value() {
    return value;
  }
}
