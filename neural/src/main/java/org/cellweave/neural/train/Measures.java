package org.cellweave.neural.train;

import java.util.Map;

/** What the history has of an epoch beside the terms of the objective. */
@FunctionalInterface
public interface Measures {
  /**
   * Looks at the module, whose weights are those after the epoch.
   *
   * @param validated whether the held-out cells were looked at in this epoch
   * @param values of the epoch by name, to be completed
   */
  void complete(boolean validated, Map<String, Double> values);
}
