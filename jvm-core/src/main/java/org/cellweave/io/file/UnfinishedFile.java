package org.cellweave.io.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that are still being written. Their names say which file they will replace and which
 * process of which machine writes them, so that what a killed one left can be told from what a live
 * one needs: {@code .NAME.TARGET-MACHINE-PID-START-RANDOM.tmp}.
 */
final class UnfinishedFile {
  private static final int SHOWN_BYTES = 60;
  private static final Duration ABANDONED = Duration.ofDays(1);
  private static final Pattern WRITER =
      Pattern.compile("([0-9a-f]{8})-(\\d{1,10})-(\\d{1,20})-[0-9a-f]{16}\\.tmp");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();
  private static final long PID = ProcessHandle.current().pid();
  private static final String MACHINE = machine();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> OWN.forEach(UnfinishedFile::delete), "unfinished files"));
  }

  private UnfinishedFile() {}

  /** A new, empty file; one that will replace another is this user's alone until then. */
  static Path create(WriteTarget target) throws IOException {
    Path folder =
        target.isStream()
            ? Path.of(System.getProperty("java.io.tmpdir"))
            : target.file().getParent();
    Path path = fresh(folder, target.file());
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mode =
        posix && (target.isStream() || target.exists())
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    OWN.add(path);
    try {
      Files.newByteChannel(
              path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)
          .close();
    } catch (IOException | RuntimeException e) {
      OWN.remove(path);
      throw e;
    }
    return path;
  }

  /** A new, empty folder beside the one that it will replace. */
  static Path createFolder(Path target) throws IOException {
    Path path = fresh(target.getParent(), target);
    OWN.add(path);
    try {
      return Files.createDirectory(path);
    } catch (IOException | RuntimeException e) {
      OWN.remove(path);
      throw e;
    }
  }

  /** A name that nobody has, after what others left under such names is gone. */
  private static Path fresh(Path folder, Path target) {
    String prefix = prefix(String.valueOf(target.getFileName()));
    clean(folder, prefix);
    byte[] random = new byte[8];
    RANDOM.nextBytes(random);
    String writer = MACHINE + "-" + PID + "-" + started(PID) + "-";
    return folder.resolve(prefix + writer + HexFormat.of().formatHex(random) + ".tmp");
  }

  static void forget(Path path) {
    OWN.remove(path);
  }

  static void delete(Path path) {
    OWN.remove(path);
    try {
      deleteAll(path);
    } catch (IOException ignored) {
      // the error under way says more, and the next write tries again
    }
  }

  /** A file, or a folder with all that is in it; links are not followed. */
  private static void deleteAll(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(path);
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static String prefix(String name) {
    String shown = name;
    while (shown.getBytes(StandardCharsets.UTF_8).length > SHOWN_BYTES) {
      shown = shown.substring(0, shown.offsetByCodePoints(shown.length(), -1));
    }
    return "." + shown + "." + hash(name) + "-";
  }

  private static String hash(String text) {
    return HexFormat.of().toHexDigits(text.hashCode());
  }

  private static void clean(Path folder, String prefix) {
    DirectoryStream.Filter<Path> ours = p -> String.valueOf(p.getFileName()).startsWith(prefix);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ours)) {
      for (Path file : files) {
        Matcher writer =
            WRITER.matcher(String.valueOf(file.getFileName()).substring(prefix.length()));
        if (writer.matches() && isLeftOver(file, writer)) {
          deleteAll(file);
        }
      }
    } catch (IOException | DirectoryIteratorException ignored) {
      // a folder that cannot be listed may still be written to
    }
  }

  private static boolean isLeftOver(Path file, Matcher writer) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (!writer.group(1).equals(MACHINE) || WriteTarget.uid(file) != user()) {
      Instant changed = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
      return changed.isBefore(Instant.now().minus(ABANDONED));
    }
    return !writer.group(3).equals(started(Long.parseLong(writer.group(2))));
  }

  /** This process's user, -1 where users have no numbers. */
  static int user() {
    Path self = Path.of("/proc/self");
    return Files.exists(self) ? WriteTarget.uid(self) : -1;
  }

  /** When a process was started, in a unit of the system; 0 when it does not run. */
  private static String started(long pid) {
    Path stat = Path.of("/proc/" + pid + "/stat");
    try {
      if (Files.exists(Path.of("/proc/self/stat"))) {
        String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        boolean ended = fields[0].equals("Z") || fields[0].equals("X");
        return ended ? "0" : fields[19];
      }
    } catch (IOException | RuntimeException e) {
      return "0";
    }
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .flatMap(p -> p.info().startInstant())
        .map(start -> Long.toString(start.toEpochMilli()))
        .orElse("0");
  }

  /** Tells machines, and containers with process numbers of their own, apart. */
  private static String machine() {
    String name = text(Path.of("/proc/sys/kernel/hostname"));
    String id = text(Path.of("/etc/machine-id"));
    String processes = "";
    try {
      processes = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException | RuntimeException e) {
      // no such thing on this system
    }
    return hash(name + "\n" + id + "\n" + processes + "\n" + System.getenv("COMPUTERNAME"));
  }

  private static String text(Path path) {
    try {
      return Files.readString(path).strip();
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }
}
