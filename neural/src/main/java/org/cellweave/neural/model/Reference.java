package org.cellweave.neural.model;

import java.util.Map;
import org.cellweave.neural.module.KeptParts;
import org.cellweave.neural.module.Vae;

/**
 * The model that another was made from to take up new cells.
 *
 * @param known numbers of levels that it knew, by covariate
 * @param kept parts that stay as they were there; null where all are trained
 */
record Reference(Map<String, Integer> known, KeptParts kept) {
  void applyTo(Vae module) {
    if (kept != null) {
      module.keepReference(known::get, kept);
    }
  }
}
