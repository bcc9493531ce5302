package org.cellweave.neural.nn;

/** A matrix of float32 that a {@link Graph} computes; only the graph that made it reads it. */
public interface Node {
  /** Columns; the rows are cells, and their number may be open until a minibatch is fed. */
  int cols();
}
