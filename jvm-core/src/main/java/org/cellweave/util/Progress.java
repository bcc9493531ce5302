package org.cellweave.util;

/** Receives one call per iteration of a long-running algorithm; must return quickly. */
@FunctionalInterface
public interface Progress {
  Progress NONE = (stage, step, total, objective) -> {};

  /**
   * @param stage what runs, in the field's words ("umap", "leiden")
   * @param step 1-based
   * @param total upper bound of {@code step}, or 0 when unknown
   * @param objective current objective, or NaN when the stage has none
   */
  void step(String stage, int step, int total, double objective);
}
