package org.cellweave.io.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that gets its name only when it is complete, so that a failure, a kill or another writer
 * leaves either the old file or a new one, and always a whole one. Of several writers at once the
 * last to finish wins.
 *
 * <ul>
 *   <li>What is written lies in the target's folder under an unpredictable name that is created
 *       exclusively. What killed processes left there is deleted by the next write to that target;
 *       files of a live process are never touched, those of another user or machine only after a
 *       day without a change.
 *   <li>Links are followed: the file they lead to is replaced, the link stays. Other hard links to
 *       the old file keep the old content.
 *   <li>A new file follows the umask. An old one's permissions are kept, and its group and owner
 *       where the system allows it; where the group cannot be kept, the new group gets no more than
 *       everybody has. Access control lists and extended attributes are not kept.
 *   <li>A target that nobody may write (mode 0444), and one in a folder that this process may not
 *       write to, is refused before any work, as are folders, sockets, named pipes and block
 *       devices. A character device such as {@code /dev/null}, and {@code /dev/stdout}, is never
 *       replaced but gets the bytes of the complete file.
 * </ul>
 */
public final class ReplacedFile implements AutoCloseable {
  private final WriteTarget target;
  private final Path temporary;
  private boolean open = true;

  private ReplacedFile(WriteTarget target, Path temporary) {
    this.target = target;
    this.temporary = temporary;
  }

  /** Writes what will be in a file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Starts to replace a file, or to make a new one.
   *
   * @throws IllegalArgumentException when there can be no file of this name; says why
   * @throws UncheckedIOException when the temporary file cannot be created
   */
  public static ReplacedFile at(Path path) {
    WriteTarget target = WriteTarget.of(path);
    try {
      return new ReplacedFile(target, UnfinishedFile.create(target));
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /**
   * Replaces a file by what {@code content} writes.
   *
   * @throws IllegalArgumentException when there can be no file of this name; says why
   * @throws UncheckedIOException when the disk refuses; the older file is unchanged
   */
  public static void write(Path path, Content content) {
    try (ReplacedFile file = at(path)) {
      try (OutputStream out = file.stream()) {
        content.writeTo(out);
      }
      file.commit(false);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private static UncheckedIOException failure(Path path, IOException e) {
    return new UncheckedIOException(
        "writing " + FileMessages.shown(path) + " failed: " + FileMessages.whyNotWritten(e), e);
  }

  /** The file to write to; it exists and is empty. Whoever writes closes it before the commit. */
  public Path temporary() {
    return temporary;
  }

  private OutputStream stream() throws IOException {
    return new BufferedOutputStream(
        Files.newOutputStream(
            temporary,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS),
        1 << 16);
  }

  /** Whether there is an older file, which a power cut could harm together with the new one. */
  public boolean replaces() {
    return target.exists();
  }

  /**
   * Gives the complete file its name.
   *
   * @param sync wait until the disk has the data
   * @throws UncheckedIOException when the disk refuses; the older file is unchanged
   */
  public void commit(boolean sync) {
    try {
      if (sync) {
        force(temporary, StandardOpenOption.WRITE);
      }
      if (target.isStream()) {
        try (OutputStream out = Files.newOutputStream(target.file(), StandardOpenOption.WRITE)) {
          Files.copy(temporary, out);
        }
        return;
      }
      target.giveAttributes(temporary);
      move();
      open = false;
      UnfinishedFile.forget(temporary);
      if (sync) {
        forceFolder();
      }
    } catch (IOException e) {
      throw failure(target.path(), e);
    }
  }

  private void move() throws IOException {
    try {
      Files.move(
          temporary,
          target.file(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, target.file(), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  private void forceFolder() {
    try {
      force(target.file().getParent(), StandardOpenOption.READ);
    } catch (IOException e) {
      // not every system can; the file itself is safe
    }
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
