package org.cellweave.io.store;

/** A store open for writing. Everything happens on one thread; values are filled in by several. */
public interface StoreWriter {
  StoreGroupWriter root();

  ArrayOptions options();
}
