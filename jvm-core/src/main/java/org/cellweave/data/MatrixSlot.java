package org.cellweave.data;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.ShapeMismatchException;

/**
 * X of an object: a matrix in memory, one left in its file, or a selection of either.
 *
 * <p>A matrix in a file is, where it is stored by rows, one that reads its rows when somebody asks,
 * and so are its selections and what steps make of it; of others, parts are read as a whole.
 *
 * <p>A file is closed by the object that opened it, unless views read from it too: then it is
 * closed when nobody holds it any more.
 */
final class MatrixSlot {
  private final Slot<Matrix> memory;
  private final BackedMatrix file;

  /** Positions in the file; null for all. Of no meaning where the matrix reads its own rows. */
  private final int[] rows;

  private final int[] cols;
  private final boolean readsRows;
  private final boolean borrowed;
  private boolean lent;

  /** Whether somebody may hold a matrix that reads from the file. */
  private boolean handedOut;

  private boolean closed;

  private MatrixSlot(
      Slot<Matrix> memory, BackedMatrix file, int[] rows, int[] cols, boolean borrowed) {
    this.memory = memory;
    this.file = file;
    this.rows = rows;
    this.cols = cols;
    this.readsRows = file != null && file.rows() != null;
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
    Matrix reading = file.rows() == null ? null : CsrMatrix.of(file.rows());
    return new MatrixSlot(new Slot<>(reading), file, null, null, false);
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
    if (file == null) {
      return memory.get();
    }
    BackedMatrix from = open();
    if (!readsRows) {
      return from.read(rows, cols);
    }
    handedOut = true;
    return memory.get();
  }

  /** The matrix, or what it will be selected from; null when it is in a file. */
  Matrix peek() {
    return memory.peek();
  }

  /** A copy of rows {@code at}, in memory. */
  Matrix rows(int[] at) {
    if (file == null || readsRows) {
      return (file == null ? memory.get() : read()).take(at, null).own();
    }
    return open().read(Slot.compose(rows, at), cols);
  }

  boolean isBacked() {
    return file != null;
  }

  BackedMatrix file() {
    return file;
  }

  /** The rows as they are read when asked for; null when in memory or stored by column. */
  RowSource rowsInFile(int nRows, int nCols) {
    if (readsRows) {
      return new ReadRows(read().toCsr());
    }
    return file == null || file.isByColumn()
        ? null
        : new BackedRows(open(), rows, cols, nRows, nCols);
  }

  /** The same values in memory, the selection carried out and the file closed. */
  MatrixSlot loaded() {
    if (file == null) {
      Matrix x = memory.get();
      return x instanceof CsrMatrix csr && !csr.isInMemory() ? inMemory(csr.inMemory()) : this;
    }
    var out = inMemory(readsRows ? read().own() : get());
    letGo();
    return out;
  }

  /**
   * An X that an object may call its own, the selection carried out: one that reads its rows still
   * does, since nobody changes a file, unless so little is selected that it was read at once.
   */
  MatrixSlot actual() {
    if (file == null || !readsRows) {
      return loaded();
    }
    Matrix mine = read();
    if (!(mine instanceof CsrMatrix csr) || csr.isInMemory()) {
      return inMemory(mine);
    }
    var out = new MatrixSlot(new Slot<>(mine), file, null, null, true);
    lend();
    return out;
  }

  /** {@code value} in the place of this X, whose file stays open when the new one reads from it. */
  MatrixSlot replaced(Matrix value) {
    if (value instanceof CsrMatrix csr && !csr.isInMemory() && readsRows) {
      if (memory.peek() instanceof CsrMatrix old) {
        old.forget();
      }
      var out = new MatrixSlot(new Slot<>(value), file, null, null, borrowed);
      out.lent = lent;
      out.handedOut = handedOut;
      return out;
    }
    letGo();
    return inMemory(value);
  }

  /** The X of {@code other} in the place of this one, as {@link #replaced(Matrix)}. */
  MatrixSlot replaced(MatrixSlot other) {
    if (other.readsRows && other.file == file) {
      return replaced(other.read());
    }
    letGo();
    return other;
  }

  /** Tells that a view reads from the file as well. */
  void lend() {
    lent = true;
  }

  private Matrix read() {
    open();
    return memory.get();
  }

  /** Closes the file when nobody can read from it any more. */
  private void letGo() {
    if (!handedOut) {
      close();
    }
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
