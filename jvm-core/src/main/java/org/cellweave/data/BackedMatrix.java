package org.cellweave.data;

import java.nio.file.Path;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowStore;

/** A matrix that stays in its file and is read piece by piece. */
public interface BackedMatrix extends AutoCloseable {
  int nRows();

  int nCols();

  DType dtype();

  boolean isSparse();

  /** Whether it is stored by column, so that rows can only be had by reading everything. */
  default boolean isByColumn() {
    return false;
  }

  /** Values in the file; at least as many, where that is not known. */
  default long storedValues() {
    return (long) nRows() * nCols();
  }

  Path file();

  /**
   * The rows as a matrix can be made of; null when it is dense or stored by column, so that parts
   * of it are read by {@link #read} alone.
   */
  default RowStore rows() {
    return null;
  }

  /** Reads the given rows and columns; null keeps an axis whole. Only what is needed is read. */
  Matrix read(int[] rows, int[] cols);

  @Override
  void close();
}
