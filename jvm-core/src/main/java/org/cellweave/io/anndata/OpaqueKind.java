package org.cellweave.io.anndata;

import org.cellweave.data.OpaqueElement;

/** What was read without being understood goes back as it was. */
final class OpaqueKind implements ElementKind {
  @Override
  public void register(ElementRegistry registry) {
    registry.writes(
        OpaqueElement.class, (w, t, element) -> t.parent().opaque(t.name(), element, t.key()));
  }
}
