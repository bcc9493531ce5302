package org.cellweave.util;

/** A value that is NaN, infinite or too large where a step needs finite numbers, and its place. */
public final class NonFiniteException extends RefusedValueException {
  private static final long serialVersionUID = 1L;

  private final String name;

  /**
   * @param name of the matrix or list of values
   * @param row of the value, counted from 0
   * @param column of the value; -1 in a list, which has none
   */
  public NonFiniteException(String message, String name, int row, int column, double value) {
    super(message, row, column, value);
    this.name = name;
  }

  /** What the matrix or list is called in the message. */
  public String name() {
    return name;
  }
}
