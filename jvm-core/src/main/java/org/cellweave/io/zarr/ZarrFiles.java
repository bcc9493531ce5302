package org.cellweave.io.zarr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;

/**
 * What a zarr store lies in: bytes by key, where keys are paths with slashes. Safe from several
 * threads. What the system refuses becomes an {@link UncheckedIOException}.
 */
interface ZarrFiles extends AutoCloseable {
  /** A folder, or a zip archive. */
  Path path();

  /** The bytes of a key, or null when there is none. */
  byte[] read(String key);

  /** Bytes of a key, or -1 when there is none. */
  long size(String key);

  /**
   * Some bytes of a key.
   *
   * @throws IllegalStateException when the key has fewer
   */
  ByteBuffer read(String key, long from, int count);

  /** The names below a key, of groups, arrays and files alike. */
  Set<String> names(String key);

  /** Keys at any depth below a key, without that key in front. */
  Set<String> below(String key);

  /** Bytes that lie below a key. */
  long stored(String key);

  @Override
  void close();

  /**
   * @throws org.cellweave.util.FormatException when there is nothing there to be opened
   */
  static ZarrFiles open(Path path) throws IOException {
    return java.nio.file.Files.isDirectory(path) ? new FolderFiles(path) : ZipFiles.open(path);
  }
}
