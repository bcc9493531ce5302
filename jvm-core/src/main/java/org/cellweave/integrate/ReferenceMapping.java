package org.cellweave.integrate;

import org.cellweave.util.Progress;

/** A fitted integration that places new cells among its own, which stay where they are. */
public interface ReferenceMapping {
  /**
   * @param query new cells in the dimensions of the reference; batch levels are matched by name
   *     where the method knows those of the reference, and one that it does not have is a new batch
   * @return places of the new cells, in their order
   */
  Integrated.Embedding map(IntegrationInput query, Progress progress);
}
