package org.cellweave.util;

/**
 * A value that a step cannot take, and its place. The message says {@code in row i, column j}, so
 * that those who know the names of rows and columns can put them there.
 */
public class RefusedValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final int row;
  private final int column;
  private final double value;

  /**
   * @param row of the value, counted from 0
   * @param column of the value; -1 in a list, which has none
   */
  public RefusedValueException(String message, int row, int column, double value) {
    super(message);
    this.row = row;
    this.column = column;
    this.value = value;
  }

  /** A place as messages say it. */
  public static String place(int row, int column) {
    return "in row " + row + ", column " + column;
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
