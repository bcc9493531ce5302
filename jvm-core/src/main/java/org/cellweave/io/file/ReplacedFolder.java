package org.cellweave.io.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A folder that gets its name only when it is complete. What it replaces is moved aside first and
 * deleted last, so that a failure leaves the old folder or the new one; only a kill between two
 * moves leaves neither name, and both folders under names that begin with a dot.
 *
 * <p>Links are followed. A folder with other content than expected is never replaced.
 */
public final class ReplacedFolder implements AutoCloseable {
  private final Path path;
  private final Path folder;
  private final Path temporary;
  private boolean open = true;

  private ReplacedFolder(Path path, Path folder, Path temporary) {
    this.path = path;
    this.folder = folder;
    this.temporary = temporary;
  }

  /**
   * Starts to replace a folder, or to make a new one.
   *
   * @param replaceable whether a folder that is there may go
   * @param expected what such a folder is, for messages
   * @throws IllegalArgumentException when there can be no folder of this name; says why
   * @throws UncheckedIOException when the temporary folder cannot be made
   */
  public static ReplacedFolder at(Path path, Predicate<Path> replaceable, String expected) {
    Path folder = WriteTarget.followed(path, path.toAbsolutePath());
    boolean other =
        Files.exists(folder)
            && (!Files.isDirectory(folder) || !(isEmpty(folder) || replaceable.test(folder)));
    if (folder.getFileName() == null || other) {
      String is = Files.isDirectory(folder) ? "a folder with other content" : "a file";
      throw new IllegalArgumentException(
          FileMessages.shown(path)
              + " is "
              + is
              + ", which is not replaced by "
              + expected
              + "; choose another name");
    }
    WriteTarget.checkPlace(path, folder);
    try {
      return new ReplacedFolder(path, folder, UnfinishedFile.createFolder(folder));
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private static boolean isEmpty(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private static UncheckedIOException failure(Path path, IOException e) {
    return new UncheckedIOException(
        "writing " + FileMessages.shown(path) + " failed: " + FileMessages.whyNotWritten(e), e);
  }

  /** The folder to write to; it exists and is empty. */
  public Path temporary() {
    return temporary;
  }

  /** Whether there is an older folder. */
  public boolean replaces() {
    return Files.exists(folder);
  }

  /**
   * Gives the complete folder its name.
   *
   * @throws UncheckedIOException when the disk refuses; the older folder is unchanged
   */
  public void commit() {
    try {
      if (!replaces()) {
        Files.move(temporary, folder);
      } else {
        exchange();
      }
      open = false;
      UnfinishedFile.forget(temporary);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private void exchange() throws IOException {
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(folder));
    }
    Path old = UnfinishedFile.createFolder(folder);
    Files.delete(old);
    Files.move(folder, old);
    try {
      Files.move(temporary, folder);
    } catch (IOException e) {
      Files.move(old, folder);
      UnfinishedFile.forget(old);
      throw e;
    }
    UnfinishedFile.delete(old);
  }

  /** Deletes what was written, unless it was committed. */
  @Override
  public void close() {
    if (open) {
      open = false;
      UnfinishedFile.delete(temporary);
    }
  }
}
