package org.cellweave.integrate;

import java.util.List;

/** What every method's result tells beside its own figures. */
public interface IntegrationResult {
  /** What was made, the one that users look at first; never empty. */
  List<Integrated> integrated();

  /** What was left out or looks wrong, a sentence each. */
  default List<String> warnings() {
    return List.of();
  }
}
