package org.cellweave.io.anndata;

import java.util.Comparator;

/** What an element says it is, in its attributes {@code encoding-type} and {@code -version}. */
record Encoding(String type, String version) implements Comparable<Encoding> {
  private static final Comparator<Encoding> ORDER =
      Comparator.comparing(Encoding::type).thenComparing(Encoding::version);

  @Override
  public int compareTo(Encoding other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return type + " " + version;
  }
}
