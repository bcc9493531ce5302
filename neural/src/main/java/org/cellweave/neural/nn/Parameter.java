package org.cellweave.neural.nn;

import org.cellweave.util.Check;

/**
 * One matrix of weights, row-major in float32, that training changes in place.
 *
 * <p>A parameter of state ({@link #isState}) is no weight: running means and variances, which
 * follow the minibatches and have no gradient.
 */
public final class Parameter {
  private final String name;
  private final int rows;
  private final int cols;
  private final float[] values;
  private final boolean state;

  /** Rows before this one do not change; {@code rows} where none does. */
  private int firstTrainable;

  Parameter(String name, int rows, int cols, boolean state) {
    this.name = name;
    this.rows = rows;
    this.cols = cols;
    this.values = new float[Math.multiplyExact(rows, cols)];
    this.state = state;
  }

  public String name() {
    return name;
  }

  public int rows() {
    return rows;
  }

  public int cols() {
    return cols;
  }

  /** Row-major, not a copy. */
  public float[] values() {
    return values;
  }

  public boolean isState() {
    return state;
  }

  /** Whether training changes any row. */
  public boolean isTrainable() {
    return !state && firstTrainable < rows;
  }

  /** The first row that training changes. */
  public int firstTrainable() {
    return firstTrainable;
  }

  /** Rows before {@code row} keep their values in training: the categories of a reference. */
  public void trainFrom(int row) {
    firstTrainable = (int) Check.inRange(row, 0, rows, "row");
  }

  public void freeze() {
    firstTrainable = rows;
  }

  @Override
  public String toString() {
    return name + " (" + rows + " x " + cols + ")";
  }
}
