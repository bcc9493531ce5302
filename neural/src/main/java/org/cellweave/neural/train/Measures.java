package org.cellweave.neural.train;

import java.util.Map;
import java.util.Set;

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

  /**
   * Names that {@link #complete} leaves of those that there were before.
   *
   * @param names of the series of a training that validates
   */
  default void rename(Set<String> names) {}
}
