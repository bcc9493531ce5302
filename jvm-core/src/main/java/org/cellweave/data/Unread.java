package org.cellweave.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cellweave.util.MissingKeyException;

/**
 * Elements of obsm, varm, obsp, varp and layers that the reader of a file did not understand. They
 * are written again with the object as long as it has the cells and genes of the file, in their
 * order; after that, writing asks for their removal, so that nothing is lost in silence.
 */
public final class Unread {
  private final Map<String, OpaqueElement> elements = new LinkedHashMap<>();
  private final List<String> obsNames;
  private final List<String> varNames;

  /** None. */
  Unread() {
    this(List.of(), List.of());
  }

  /**
   * @param obsNames cells of the file
   * @param varNames genes of the file
   */
  public Unread(List<String> obsNames, List<String> varNames) {
    this.obsNames = obsNames;
    this.varNames = varNames;
  }

  Unread(Unread other) {
    this(other.obsNames, other.varNames);
    elements.putAll(other.elements);
  }

  /**
   * @param key slot and name, for example {@code "obsm/airr"}
   */
  public void add(String key, OpaqueElement element) {
    elements.put(key, element);
  }

  public Set<String> getKeys() {
    return Collections.unmodifiableSet(elements.keySet());
  }

  /**
   * @throws MissingKeyException names the keys that are there
   */
  public void remove(String key) {
    if (elements.remove(key) == null) {
      throw new MissingKeyException("unread", key, elements.keySet(), "");
    }
  }

  /**
   * The elements of a slot by name, to be written with {@code adata}.
   *
   * @throws IllegalArgumentException when its cells or genes are no longer those of the file
   */
  public Map<String, OpaqueElement> of(String slot, AnnData adata) {
    Map<String, OpaqueElement> out = new LinkedHashMap<>();
    elements.forEach(
        (key, element) -> {
          if (key.startsWith(slot + "/")) {
            requireSame(key, slot, adata);
            out.put(key.substring(slot.length() + 1), element);
          }
        });
    return out;
  }

  /** The keys, as the other slots list theirs. */
  @Override
  public String toString() {
    return "unread with keys " + elements.keySet();
  }

  private void requireSame(String key, String slot, AnnData adata) {
    boolean sameObs = slot.startsWith("var") || adata.getObsNames().equals(obsNames);
    boolean sameVar = slot.startsWith("obs") || adata.getVarNames().equals(varNames);
    if (!sameObs || !sameVar) {
      throw new IllegalArgumentException(
          key
              + " was read without being understood, so that it cannot follow the "
              + (sameObs ? "genes" : "cells")
              + ", which are no longer those of "
              + elements.get(key).file()
              + "; drop it with adata.unread.remove(\""
              + key
              + "\") before writing");
    }
  }
}
