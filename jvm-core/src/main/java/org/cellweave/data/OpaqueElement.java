package org.cellweave.data;

import java.nio.file.Path;

/**
 * An element of a file whose encoding is not known here; it is carried along, and its values are
 * written again when the object is written.
 *
 * @param file where it lay
 * @param key its path inside the file
 * @param encodingType as the file says, or ""
 * @param encodingVersion as the file says, or ""
 * @param content the values that were read and verified, or why they cannot be kept
 */
public record OpaqueElement(
    Path file, String key, String encodingType, String encodingVersion, Content content) {

  /** What the reader of the file keeps of an element, for its writer. */
  public interface Content {}
}
