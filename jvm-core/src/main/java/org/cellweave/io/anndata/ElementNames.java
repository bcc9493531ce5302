package org.cellweave.io.anndata;

import java.util.Collection;

/** Which names a file can hold. */
final class ElementNames {
  private ElementNames() {}

  /**
   * A name with a slash leads through groups, as in files of Python; none of its parts may lack.
   */
  static void check(String name, String key) {
    boolean ok = name.indexOf('\0') < 0;
    for (String part : name.split("/", -1)) {
      ok &= !part.isEmpty() && !part.equals(".");
    }
    if (!ok) {
      throw new IllegalArgumentException(
          "'"
              + key
              + "' has a name that .h5ad cannot hold, '"
              + name
              + "'; it must not be empty, '.', or start or end with '/'; rename it");
    }
  }

  /** Refuses names of which one would have to be a group and a value at once. */
  static void checkAll(Collection<String> names, String key) {
    for (String name : names) {
      for (int at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
        String outer = name.substring(0, at);
        if (names.contains(outer)) {
          throw new IllegalArgumentException(
              "'"
                  + key
                  + "' holds both '"
                  + outer
                  + "' and '"
                  + name
                  + "', which .h5ad would have to keep in the same place; rename one of them");
        }
      }
    }
  }
}
