package org.cellweave.io.store;

/** A member of a group of an open store, not yet looked at; {@link StoreReader} opens it. */
public interface StoreNode {
  boolean isGroup();

  /** False for a group, and for what a store may hold besides groups and arrays. */
  boolean isArray();
}
