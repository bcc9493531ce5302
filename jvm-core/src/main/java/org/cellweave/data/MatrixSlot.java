package org.cellweave.data;

import org.cellweave.matrix.Matrix;
import org.cellweave.util.ShapeMismatchException;

/**
 * X of an object: a matrix in memory, one left in its file, or a selection of either.
 *
 * <p>A file is closed by the object that opened it, unless views read from it too: then it is
 * closed when nobody holds it any more.
 */
final class MatrixSlot {
  private final Slot<Matrix> memory;
  private final BackedMatrix file;

  /** Positions in the file; null for all. */
  private final int[] rows;

  private final int[] cols;
  private final boolean borrowed;
  private boolean lent;
  private boolean closed;

  private MatrixSlot(
      Slot<Matrix> memory, BackedMatrix file, int[] rows, int[] cols, boolean borrowed) {
    this.memory = memory;
    this.file = file;
    this.rows = rows;
    this.cols = cols;
    this.borrowed = borrowed;
  }

  /**
   * @param x null for none
   */
  static MatrixSlot inMemory(Matrix x) {
    return new MatrixSlot(new Slot<>(x), null, null, null, false);
  }

  /**
   * @throws ShapeMismatchException when the matrix does not fit the tables
   */
  static MatrixSlot inMemory(Matrix x, int nObs, int nVars) {
    if (x != null && (x.nRows() != nObs || x.nCols() != nVars)) {
      throw new ShapeMismatchException(
          "X is " + x.shape() + ", but obs has " + nObs + " rows and var has " + nVars);
    }
    return inMemory(x);
  }

  /**
   * @throws ShapeMismatchException when a matrix that is to be X does not fit
   */
  static void requireFit(Matrix x, int nObs, int nVars) {
    if (x != null && (x.nRows() != nObs || x.nCols() != nVars)) {
      throw new ShapeMismatchException(
          "X must be " + nObs + " x " + nVars + ", got a " + x.describe());
    }
  }

  /**
   * @throws ShapeMismatchException when the file does not fit the tables
   */
  static MatrixSlot inFile(BackedMatrix file, int nObs, int nVars) {
    if (file.nRows() != nObs || file.nCols() != nVars) {
      throw new ShapeMismatchException(
          "X in "
              + file.file()
              + " is "
              + file.nRows()
              + " x "
              + file.nCols()
              + ", but obs has "
              + nObs
              + " rows and var has "
              + nVars);
    }
    return new MatrixSlot(new Slot<>(null), file, null, null, false);
  }

  /** A selection that is carried out when it is first read; of a file, at every read. */
  MatrixSlot select(int[] someRows, int[] someCols) {
    return new MatrixSlot(
        new Slot<>(memory, someRows, someCols),
        file,
        Slot.compose(rows, someRows),
        Slot.compose(cols, someCols),
        true);
  }

  /** The matrix, or null when there is none. */
  Matrix get() {
    return file != null ? open().read(rows, cols) : memory.get();
  }

  /** The matrix, or what it will be selected from; null when it is in a file. */
  Matrix peek() {
    return memory.peek();
  }

  /** A copy of rows {@code at}. */
  Matrix rows(int[] at) {
    return file == null ? memory.get().take(at, null) : open().read(Slot.compose(rows, at), cols);
  }

  boolean isBacked() {
    return file != null;
  }

  BackedMatrix file() {
    return file;
  }

  /** The rows as they are read when asked for; null when in memory or stored by column. */
  RowSource rowsInFile(int nRows, int nCols) {
    return file == null || file.isByColumn()
        ? null
        : new BackedRows(open(), rows, cols, nRows, nCols);
  }

  /** The same values in memory, the selection carried out and the file closed. */
  MatrixSlot loaded() {
    if (file == null) {
      memory.get();
      return this;
    }
    var out = inMemory(open().read(rows, cols));
    close();
    return out;
  }

  /** Tells that a view reads from the file as well. */
  void lend() {
    lent = true;
  }

  void close() {
    if (file != null && !borrowed && !lent) {
      file.close();
      closed = true;
    }
  }

  private BackedMatrix open() {
    if (closed) {
      throw new IllegalStateException(
          "X stays in " + file.file() + ", which was closed; read the object anew");
    }
    return file;
  }
}
