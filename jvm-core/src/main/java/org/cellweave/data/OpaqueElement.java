package org.cellweave.data;

import java.nio.file.Path;

/**
 * An element of a file whose encoding is not known here; it is carried along and copied as it is
 * when the object is written.
 *
 * @param file where it lies
 * @param key its path inside the file
 * @param encodingType as the file says, or ""
 * @param encodingVersion as the file says, or ""
 */
public record OpaqueElement(Path file, String key, String encodingType, String encodingVersion) {}
