package org.cellweave.io.remote;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.cellweave.io.file.InputFile;
import org.cellweave.io.text.TextSource;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.Quoted;

/**
 * Unpacks a {@code .tar.gz} archive that came from elsewhere.
 *
 * <p>Files appear in their folder only after the whole archive was read without an error, and a
 * file that is there already stays as it is. An entry that would leave the folder, a link or a
 * device is refused.
 */
public final class TarArchive {
  private TarArchive() {}

  /**
   * @param archive gzip-compressed
   * @param folder where its files go; made if it is not there
   * @return the files of the archive, in its order, whether new or there before
   * @throws FormatException when the archive is damaged or has an entry that is refused
   */
  public static List<Path> unpack(Path archive, Path folder, Progress progress) {
    InputFile.require(archive, "a .tar.gz archive");
    Path root = folder.toAbsolutePath().normalize();
    Path waiting = null;
    try {
      Files.createDirectories(root);
      waiting = Files.createTempDirectory(root, ".unpacking");
      List<Path> names = read(archive, waiting, progress);
      var files = new ArrayList<Path>();
      for (Path name : names) {
        Path target = root.resolve(name);
        if (!Files.exists(target)) {
          Files.createDirectories(target.getParent());
          Files.move(waiting.resolve(name), target, StandardCopyOption.ATOMIC_MOVE);
        }
        files.add(target);
      }
      return files;
    } catch (ClosedByInterruptException e) {
      throw TextSource.failure(archive.toString(), e);
    } catch (IOException e) {
      throw new FormatException(
          archive
              + " cannot be unpacked as a .tar.gz archive into "
              + root
              + " ("
              + e.getMessage()
              + "); if it is damaged, delete it and fetch it again",
          e);
    } finally {
      discard(waiting);
    }
  }

  /** More than any data set of this kind unpacks to, relative to its archive. */
  private static final int MOST_EXPANSION = 500;

  private static final long FREE_BYTES = 2L << 30;
  private static final int MOST_FILES = 100_000;

  private static List<Path> read(Path archive, Path into, Progress progress) throws IOException {
    long most = Math.max(FREE_BYTES, InputFile.size(archive) * MOST_EXPANSION);
    var names = new LinkedHashSet<Path>();
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        var unzipped = new GZIPInputStream(file, 1 << 16);
        var tar = new TarArchiveInputStream(unzipped)) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Parallel.checkInterrupted();
        if (entry.isDirectory()) {
          continue;
        }
        Path name = inside(archive, entry, into);
        Path target = into.resolve(name);
        Files.createDirectories(target.getParent());
        most -= copy(archive, tar, target, most);
        names.add(name);
        if (names.size() > MOST_FILES) {
          throw new FormatException(archive + " holds more than " + MOST_FILES + " files");
        }
        progress.step("unpack", names.size(), 0, Double.NaN);
      }
      // to its end, where the check sum is
      unzipped.transferTo(OutputStream.nullOutputStream());
    } catch (IllegalArgumentException e) {
      throw new IOException("unreadable header: " + e.getMessage(), e);
    }
    if (names.isEmpty()) {
      throw new IOException("it holds no file");
    }
    return List.copyOf(names);
  }

  /** How many bytes the entry has. */
  private static long copy(Path archive, InputStream from, Path to, long most) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long done = 0;
    try (OutputStream out = Files.newOutputStream(to)) {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        Parallel.checkInterrupted();
        out.write(buffer, 0, n);
        done += n;
        if (done > most) {
          throw new FormatException(
              archive
                  + " unpacks to more than "
                  + MOST_EXPANSION
                  + " times its size; such archives are refused");
        }
      }
    }
    return done;
  }

  /** The entry's place relative to the folder. */
  private static Path inside(Path archive, TarArchiveEntry entry, Path into) {
    String name = entry.getName();
    boolean link = entry.isLink() || entry.isSymbolicLink();
    boolean device = entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO();
    if (link || device || !entry.isFile()) {
      throw new FormatException(
          archive
              + " holds "
              + Quoted.of(name)
              + ", which is no plain file; such archives are refused");
    }
    Path root = into.normalize();
    Path target = root.resolve(name).normalize();
    boolean leaves = name.contains("\\") || !target.startsWith(root) || target.equals(root);
    if (leaves) {
      throw new FormatException(
          archive + " holds " + Quoted.of(name) + ", which would leave its folder; it is refused");
    }
    return root.relativize(target);
  }

  private static void discard(Path folder) {
    if (folder == null) {
      return;
    }
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e)
                throws IOException {
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      folder.toFile().deleteOnExit();
    }
  }
}
