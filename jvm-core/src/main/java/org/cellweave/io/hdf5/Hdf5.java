package org.cellweave.io.hdf5;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.cellweave.io.file.ReplacedFile;
import org.cellweave.io.file.Sync;
import org.cellweave.io.store.ArrayOptions;
import org.cellweave.io.store.OneLine;
import org.cellweave.io.store.StoreReader;
import org.cellweave.io.store.StoreWriter;
import org.cellweave.util.FormatException;

/** HDF5 files as stores: the only door of this room. */
public final class Hdf5 {
  private static final Object ONE_AT_A_TIME = new Object();

  private Hdf5() {}

  /**
   * Opens a file for reading.
   *
   * @param expected what the file should be, for messages ("an .h5ad file")
   * @throws FormatException when the file is missing, damaged or no HDF5
   */
  public static StoreReader open(Path path, String expected) {
    return H5Source.open(path, expected);
  }

  /** Whether the file looks like HDF5, whatever its name. */
  public static boolean isHdf5(Path path) {
    return H5Source.isHdf5(path);
  }

  /**
   * Makes a file that gets its name when it is complete, as {@link ReplacedFile} says.
   *
   * @param content writes everything into the open file
   * @throws UncheckedIOException when the disk refuses; an older file at {@code path} is unchanged
   * @throws IllegalArgumentException for what HDF5 cannot hold; names the file
   */
  public static void write(
      Path path, Sync sync, ArrayOptions options, Consumer<StoreWriter> content) {
    try (ReplacedFile file = ReplacedFile.at(path)) {
      boolean wait = sync == Sync.ALWAYS || (sync == Sync.WHEN_REPLACING && file.replaces());
      synchronized (ONE_AT_A_TIME) {
        fill(path, H5Sink.create(file.temporary(), path), options, content);
      }
      file.commit(wait);
    }
  }

  private static void fill(
      Path path, H5Sink sink, ArrayOptions options, Consumer<StoreWriter> content) {
    boolean done = false;
    try {
      content.accept(new H5Writer(sink, options));
      done = true;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          OneLine.of(path + " cannot be written: " + e.getMessage()), e);
    } finally {
      if (done) {
        sink.close();
      } else {
        sink.abandon();
      }
    }
  }
}
