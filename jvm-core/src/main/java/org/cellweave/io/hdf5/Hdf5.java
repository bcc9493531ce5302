package org.cellweave.io.hdf5;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
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

  /** The smallest that HDF5 knows. */
  private static final int USER_BLOCK = 512;

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
    write(path, sync, options, new byte[0], content);
  }

  /**
   * As {@link #write(Path, Sync, ArrayOptions, Consumer)}, of a file that begins with bytes which
   * are no part of HDF5.
   *
   * @param head at most 512 bytes
   */
  public static void write(
      Path path, Sync sync, ArrayOptions options, byte[] head, Consumer<StoreWriter> content) {
    try (ReplacedFile file = ReplacedFile.at(path)) {
      boolean wait = sync == Sync.ALWAYS || (sync == Sync.WHEN_REPLACING && file.replaces());
      synchronized (ONE_AT_A_TIME) {
        long block = head.length == 0 ? 0 : USER_BLOCK;
        fill(path, H5Sink.create(file.temporary(), path, block), options, content);
        begin(file.temporary(), path, head);
      }
      file.commit(wait);
    }
  }

  private static void begin(Path temporary, Path path, byte[] head) {
    if (head.length == 0) {
      return;
    }
    try (FileChannel file = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOf(head, USER_BLOCK));
      while (bytes.hasRemaining()) {
        file.write(bytes, bytes.position());
      }
    } catch (IOException e) {
      throw WriteFailure.of(path, "writing the head of the file", e);
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
