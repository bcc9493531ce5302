package org.cellweave.io.store;

import org.cellweave.io.binary.Filler;

/** A one-dimensional array that is written from its beginning to its end. */
public interface GrowingArray {
  void append(long n, Filler values);

  void close();
}
