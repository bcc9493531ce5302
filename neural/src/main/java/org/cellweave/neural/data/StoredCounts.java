package org.cellweave.neural.data;

import org.cellweave.matrix.CsrMatrix;

/** Counts that lie somewhere else than in memory, such as in a file, read some rows at a time. */
public interface StoredCounts {
  int nCells();

  int nGenes();

  /** Names of the genes; null where they are not known. */
  String[] genes();

  /** The cells {@code from <= i < to}; one thread at a time calls this. */
  CsrMatrix read(int from, int to);
}
