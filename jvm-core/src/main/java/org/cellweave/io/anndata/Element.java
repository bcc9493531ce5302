package org.cellweave.io.anndata;

import org.cellweave.io.store.StoreNode;

/**
 * An element to be read.
 *
 * @param key its path, for messages
 * @param place what it is read for
 * @param depth how deep it lies inside of others
 */
record Element(StoreNode node, String key, Place place, int depth) {
  /** What an element is read for. */
  enum Place {
    /** X, layers, obsp, varp: a matrix. */
    MATRIX,
    /** obsm, varm: a matrix where it is numeric and two-dimensional, else as it is. */
    AXIS,
    /** A column of a table. */
    COLUMN,
    /** obs, var: a table that must be there with all its columns. */
    TABLE,
    /** uns: exactly as the file holds it. */
    VALUE
  }

  /** A member of this element. */
  Element member(StoreNode member, String name, Place memberPlace) {
    return new Element(member, key + "/" + name, memberPlace, depth + 1);
  }
}
