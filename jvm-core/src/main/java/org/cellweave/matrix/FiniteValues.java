package org.cellweave.matrix;

import org.cellweave.util.Parallel;

/**
 * The one place where rooms refuse NaN and infinite values: the message names the matrix, the first
 * such value by rows, the step that cannot take it, and what to do.
 */
public final class FiniteValues {
  private static final int BLOCK = 1024;

  private FiniteValues() {}

  /** Where a value was found. */
  public record Place(int row, int col, double value) {}

  /** The first value by rows that is NaN, infinite or larger than {@code bound}; null for none. */
  public static Place firstBeyond(Matrix x, double bound) {
    Matrix rows = x instanceof CscMatrix ? x.toCsr() : x;
    var found = new Place[Parallel.nBlocks(x.nRows(), BLOCK)];
    Parallel.forRange(
        x.nRows(), BLOCK, (from, to) -> found[from / BLOCK] = scan(rows, from, to, bound));
    for (Place place : found) {
      if (place != null) {
        return place;
      }
    }
    return null;
  }

  private static Place scan(Matrix x, int from, int to, double bound) {
    if (x instanceof CsrMatrix csr) {
      return scanSparse(csr, from, to, bound);
    }
    double[] row = new double[x.nCols()];
    for (int i = from; i < to; i++) {
      ((DenseMatrix) x).readRow(i, row);
      for (int j = 0; j < row.length; j++) {
        if (!(Math.abs(row[j]) <= bound)) {
          return new Place(i, j, row[j]);
        }
      }
    }
    return null;
  }

  private static Place scanSparse(CsrMatrix x, int from, int to, double bound) {
    for (int i = from; i < to; i++) {
      var block = x.blockOf(i);
      for (int p = block.start(i); p < block.end(i); p++) {
        if (!(Math.abs(block.value(p)) <= bound)) {
          return new Place(i, block.indices()[p], block.value(p));
        }
      }
    }
    return null;
  }

  /**
   * @param name of the matrix, for the message
   * @param step that needs finite values
   * @throws IllegalArgumentException names row, column and value
   */
  public static void require(Matrix x, String name, String step) {
    Place place = firstBeyond(x, Double.MAX_VALUE);
    if (place != null) {
      throw new IllegalArgumentException(
          message(name, place.row(), place.col(), place.value(), step));
    }
  }

  /**
   * As {@link #require}, for work in float32 that squares the values.
   *
   * @param bound largest magnitude allowed
   */
  public static void requireBelow(Matrix x, double bound, String name, String step) {
    Place place = firstBeyond(x, bound);
    if (place == null) {
      return;
    }
    if (!Double.isFinite(place.value())) {
      throw new IllegalArgumentException(
          message(name, place.row(), place.col(), place.value(), step));
    }
    throw new IllegalArgumentException(
        name
            + "["
            + place.row()
            + ", "
            + place.col()
            + "] is "
            + place.value()
            + ", but "
            + step
            + " works in float32 and needs values up to "
            + bound
            + ". Rescale the values or remove that row first");
  }

  /** The sentence that refuses a value. */
  public static String message(String name, int row, int col, double value, String step) {
    return step
        + " needs finite values, but "
        + name
        + "["
        + row
        + ", "
        + col
        + "] is "
        + value
        + ". Remove or replace NaN and infinite values first";
  }
}
