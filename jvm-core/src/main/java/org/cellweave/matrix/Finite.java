package org.cellweave.matrix;

import java.io.Serializable;
import org.cellweave.util.NonFiniteException;
import org.cellweave.util.RefusedRowException;
import org.cellweave.util.RefusedValueException;

/**
 * The one place where rooms refuse NaN and infinite values: the message names the matrix, the first
 * such value by rows, the step that cannot take it, and what to do.
 */
public final class Finite {
  /** What a matrix that a step has made is called where its rows are refused. */
  public static final String RESULT = "the result";

  private Finite() {}

  /** Where a value was found. */
  public record Place(int row, int col, double value) implements Serializable {
    /**
     * @param name what the message calls the matrix
     */
    public NonFiniteException refusal(String message, String name) {
      return new NonFiniteException(message, name, row, col, value);
    }
  }

  /** The first value by rows that is NaN, infinite or larger than {@code bound}; null for none. */
  public static Place firstBeyond(Matrix x, double bound) {
    Place[] found = new Place[1];
    Rows.of(x)
        .<Place>inOrder(
            (rows, from, to) -> scan(rows, from, to, bound),
            (from, place) -> found[0] = found[0] == null ? place : found[0]);
    return found[0];
  }

  /** As {@link #firstBeyond}, for values that no float64 bounds. */
  public static Place first(Matrix x) {
    return firstBeyond(x, Double.MAX_VALUE);
  }

  private static Place scan(Rows rows, int from, int to, double bound) {
    var reader = rows.reader();
    for (int i = from; i < to; i++) {
      int n = reader.load(i);
      double[] v = reader.values();
      for (int k = 0; k < n; k++) {
        if (!(Math.abs(v[k]) <= bound)) {
          return new Place(i, reader.columns()[reader.start() + k], v[k]);
        }
      }
    }
    return null;
  }

  /**
   * @param name of the matrix, for the message
   * @throws NonFiniteException names row, column and value
   */
  public static void require(Matrix x, String name) {
    Place place = first(x);
    if (place != null) {
      throw mustBe("finite", name, place.row(), place.col(), place.value());
    }
  }

  /**
   * The same for a value that its caller reads anyway.
   *
   * @return {@code value}
   */
  public static double require(double value, String name, int row, int col) {
    if (!Double.isFinite(value)) {
      throw mustBe("finite", name, row, col, value);
    }
    return value;
  }

  /**
   * The exception for a value that is not what it must be.
   *
   * @param what such as {@code "finite and at most 1e15"}
   */
  public static NonFiniteException mustBe(
      String what, String name, int row, int col, double value) {
    String message =
        name + " must be " + what + ", got " + value + " in row " + row + ", column " + col;
    return new NonFiniteException(message, name, row, col, value);
  }

  /**
   * @param name of the matrix, for the message
   * @param step that needs finite values
   * @throws NonFiniteException names row, column and value
   */
  public static void require(Matrix x, String name, String step) {
    Place place = first(x);
    if (place != null) {
      throw refusal(name, place.row(), place.col(), place.value(), step);
    }
  }

  /**
   * As {@link #require(Matrix, String, String)}, for work in float32 that squares the values.
   *
   * @param bound largest magnitude allowed
   */
  public static void requireBelow(Matrix x, double bound, String name, String step) {
    Place place = firstBeyond(x, bound);
    if (place == null) {
      return;
    }
    if (!Double.isFinite(place.value())) {
      throw refusal(name, place.row(), place.col(), place.value(), step);
    }
    throw place.refusal(
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
            + ". Rescale the values or remove that row first",
        name);
  }

  /**
   * For a step whose sums over {@code x} are not finite.
   *
   * @return names the first value that is not finite or, when there is none, says that the values
   *     are too large to be squared and added up
   */
  public static IllegalArgumentException sumsRefused(Matrix x, String name, String step) {
    Place place = first(x);
    return place != null
        ? refusal(name, place.row(), place.col(), place.value(), step)
        : new IllegalArgumentException(
            step
                + ": sums of squares of "
                + name
                + " exceed the range of float64; rescale "
                + name
                + " first");
  }

  /** The exception that refuses a value on behalf of a step. */
  public static NonFiniteException refusal(
      String name, int row, int col, double value, String step) {
    String message =
        step
            + " needs finite values, but "
            + name
            + "["
            + row
            + ", "
            + col
            + "] is "
            + value
            + ". Remove or replace NaN and infinite values first";
    return new NonFiniteException(message, name, row, col, value);
  }

  /**
   * For a step that multiplies finite values.
   *
   * @param bound largest magnitude allowed
   * @throws RefusedValueException names row, column and value
   */
  public static void requireUpTo(Matrix x, double bound, String name, String step) {
    Place place = firstBeyond(x, bound);
    if (place != null) {
      throw new RefusedValueException(
          step
              + " multiplies values and needs them up to "
              + bound
              + ", but "
              + name
              + " has "
              + place.value()
              + " "
              + RefusedValueException.place(place.row(), place.col())
              + "; rescale it first",
          place.row(),
          place.col(),
          place.value());
    }
  }

  /**
   * What a step has made, unless it holds NaN or infinite values, of which nobody could make use.
   *
   * @param advice what to do about it
   * @return {@code made}
   * @throws RefusedRowException names row, column and value, the matrix is {@link #RESULT}
   */
  public static <M extends Matrix> M made(M made, String step, String advice) {
    Place place = first(made);
    if (place != null) {
      String after = ", but " + place.value() + " in column " + place.col() + "; " + advice;
      throw new RefusedRowException(
          step + " has no finite numbers for ", RESULT, made.nRows(), after, place.row());
    }
    return made;
  }

  /** The first cell whose number is NaN or infinite, in column -1; null for none. */
  public static Place first(double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        return new Place(i, -1, values[i]);
      }
    }
    return null;
  }

  /**
   * For numbers that come one for every cell.
   *
   * @param name of the list, for the message
   * @throws NonFiniteException names the first cell whose value is NaN or infinite
   */
  public static void requireForCells(double[] values, String name) {
    Place place = first(values);
    if (place != null) {
      throw place.refusal(
          name + " must be finite, got " + place.value() + " for cell " + place.row(), name);
    }
  }
}
