package org.cellweave.io.anndata;

/**
 * One kind of element of the AnnData format: how it is read and how the values it stands for are
 * written. A new kind is a class of this and a line in {@link ElementRegistry#STANDARD}.
 */
interface ElementKind {
  void register(ElementRegistry registry);
}
