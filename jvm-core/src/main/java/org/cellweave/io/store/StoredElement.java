package org.cellweave.io.store;

import java.util.List;
import java.util.Map;
import org.cellweave.data.OpaqueElement;

/** What is kept of elements whose encoding is not known: only values that were read whole. */
public sealed interface StoredElement {

  /** The element, ready to be written. */
  record Kept(StoredElement root) implements OpaqueElement.Content {}

  /** The element cannot be kept; writing it fails with this. */
  record Refused(String why) implements OpaqueElement.Content {}

  /**
   * @param shape empty for a scalar, null for no value at all
   * @param bytes the values one after another
   * @param parts what text and sequences among them refer to
   */
  record Values(StoredType type, long[] shape, byte[] bytes, List<byte[]> parts) {}

  Map<String, Values> attributes();

  /** A group. */
  record Branch(Map<String, Values> attributes, Map<String, StoredElement> members)
      implements StoredElement {}

  /**
   * A dataset.
   *
   * @param chunk how its values are cut, null for one piece
   * @param gzipLevel 0 for not compressed
   */
  record Leaf(Map<String, Values> attributes, Values values, long[] chunk, int gzipLevel)
      implements StoredElement {}
}
