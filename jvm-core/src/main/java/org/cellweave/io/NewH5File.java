package org.cellweave.io;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** An HDF5 file that gets its name when it is complete, as {@link ReplacedFile} says. */
final class NewH5File {
  private static final Object ONE_AT_A_TIME = new Object();

  private NewH5File() {}

  /**
   * @param content writes everything into the open file
   * @throws UncheckedIOException when the disk refuses; an older file at {@code path} is unchanged
   * @throws IllegalArgumentException for what HDF5 cannot hold; names the file
   */
  static void write(Path path, H5adWriter.Sync sync, Consumer<H5Sink> content) {
    try (ReplacedFile file = ReplacedFile.at(path)) {
      boolean wait =
          sync == H5adWriter.Sync.ALWAYS
              || (sync == H5adWriter.Sync.WHEN_REPLACING && file.replaces());
      synchronized (ONE_AT_A_TIME) {
        fill(path, H5Sink.create(file.temporary(), path), content);
      }
      file.commit(wait);
    }
  }

  private static void fill(Path path, H5Sink sink, Consumer<H5Sink> content) {
    boolean done = false;
    try {
      content.accept(sink);
      done = true;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          H5Source.oneLine(path + " cannot be written: " + e.getMessage()), e);
    } finally {
      if (done) {
        sink.close();
      } else {
        sink.abandon();
      }
    }
  }
}
