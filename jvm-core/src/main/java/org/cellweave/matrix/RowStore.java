package org.cellweave.matrix;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.util.ShapeMismatchException;

/**
 * Rows of a sparse matrix that lie elsewhere, such as in a file, and are read when somebody asks.
 *
 * <p>Any thread may read. What is read is the caller's own: it may change the values. A store
 * travels to other processes, which read the same rows there.
 */
public interface RowStore extends Serializable {
  int nRows();

  int nCols();

  DType dtype();

  /** Whether {@link #read} gives float32 values; float64 otherwise. */
  boolean isFloat32Stored();

  /** Stored values before every row, length {@code nRows + 1}; not to be changed. */
  long[] rowPtr();

  /**
   * The given rows in the given order, in memory. Reading is fastest where they follow each other.
   */
  CsrMatrix read(int[] rows);

  /**
   * As {@link #read(int[])}, but entries in columns that are not wanted may be missing, so that
   * nobody unpacks and changes them.
   *
   * @param columns which are wanted; length {@code nCols}, not to be changed
   */
  default CsrMatrix read(int[] rows, boolean[] columns) {
    return read(rows);
  }

  /** Where the rows lie, for messages: the name of a file. */
  String place();

  /** Whether rows that were read stay in memory, packed, so that they are read once. */
  default boolean isHeld() {
    return false;
  }

  /** Runs passes over the rows where they are; null when they are read and worked on here. */
  default RangeRunner runner() {
    return null;
  }

  /**
   * Stores one below the other.
   *
   * @throws ShapeMismatchException when their columns or element types differ, or there is none
   */
  static RowStore below(List<RowStore> parts) {
    return StackedRows.of(parts);
  }

  /**
   * The same rows, whose passes {@code runner} runs; null runs them here. The runner stays here
   * when the rows travel.
   */
  static RowStore runBy(RowStore of, RangeRunner runner) {
    return new RunRows(of, runner);
  }

  /** Positions {@code 0 ... n - 1}. */
  static int[] all(int n) {
    return range(0, n);
  }

  /** Positions {@code from <= i < to}. */
  static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }
}
