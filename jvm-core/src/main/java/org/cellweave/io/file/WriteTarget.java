package org.cellweave.io.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Where a file will be, after links, with the rules of {@link ReplacedFile} checked.
 *
 * @param path as the user gave it
 * @param file absolute, no link
 * @param isStream whether bytes are sent to it instead of a file being replaced
 */
record WriteTarget(Path path, Path file, boolean isStream) {
  private static final int MOST_LINKS = 40;
  private static final int LONGEST_NAME = 255;
  private static final int TYPE = 0170000;
  private static final int FIFO = 0010000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int BLOCK_DEVICE = 0060000;
  private static final int STICKY = 01000;

  /**
   * @throws IllegalArgumentException when no file can be there; says why and what to do
   */
  static WriteTarget of(Path path) {
    Path absolute = path.toAbsolutePath();
    if (isStandardStream(absolute)) {
      return new WriteTarget(path, absolute, true);
    }
    Path file = followed(path, absolute);
    if (file.getFileName() == null || Files.isDirectory(file)) {
      throw refused(path, "is a folder, expected the name of a file");
    }
    boolean stream = Files.exists(file) && !Files.isRegularFile(file);
    if (stream && type(file) != CHARACTER_DEVICE) {
      throw refused(path, "is " + kind(file) + ", which is never replaced; name a file");
    }
    if (!stream) {
      checkPlace(path, file);
    }
    return new WriteTarget(path, file, stream);
  }

  private static IllegalArgumentException refused(Path path, String problem) {
    return new IllegalArgumentException(FileMessages.shown(path) + " " + problem);
  }

  /** Names of this process's own open files: what they lead to may be a file or a pipe. */
  private static boolean isStandardStream(Path absolute) {
    String name = absolute.normalize().toString();
    return name.matches("/dev/(stdin|stdout|stderr|fd/\\d+)|/proc/[^/]+/fd/\\d+")
        && Files.exists(absolute);
  }

  /** The file that links lead to, whether it exists or not. */
  static Path followed(Path path, Path absolute) {
    Path at = absolute;
    for (int i = 0; i < MOST_LINKS; i++) {
      if (!Files.isSymbolicLink(at)) {
        return realFolder(at);
      }
      try {
        at = at.resolveSibling(Files.readSymbolicLink(at));
      } catch (IOException e) {
        throw refused(path, "is a link that cannot be followed: " + FileMessages.reason(e));
      }
    }
    throw refused(path, "is a link that leads to itself");
  }

  private static Path realFolder(Path file) {
    try {
      Path folder = file.getParent();
      return folder == null ? file : folder.toRealPath().resolve(file.getFileName());
    } catch (IOException e) {
      return file.normalize();
    }
  }

  static void checkPlace(Path path, Path file) {
    Path folder = file.getParent();
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "the folder " + FileMessages.shown(folder) + " does not exist; create it first");
    }
    int length = file.getFileName().toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_NAME) {
      throw refused(
          path, "has a name of " + length + " bytes, at most " + LONGEST_NAME + " are possible");
    }
    if (Files.exists(file) && isReadOnly(file)) {
      throw refused(
          path, "is read-only; make it writable (chmod u+w) or choose another name, it is kept");
    }
    if (!Files.isWritable(folder)) {
      throw refused(
          path,
          "cannot be written: the folder "
              + FileMessages.shown(folder)
              + " is read-only for this user");
    }
    if (Files.exists(file) && isHeldBySticky(folder, file)) {
      throw refused(
          path,
          "belongs to another user, and "
              + FileMessages.shown(folder)
              + " lets only its owner replace it");
    }
  }

  /** Also for root, whom the system would let write: who set the mode wanted the file to stay. */
  private static boolean isReadOnly(Path file) {
    if (!Files.isWritable(file)) {
      return true;
    }
    PosixFileAttributes posix = posix(file);
    return posix != null
        && posix.permissions().stream().noneMatch(p -> p.name().endsWith("_WRITE"));
  }

  private static boolean isHeldBySticky(Path folder, Path file) {
    if ((mode(folder) & STICKY) == 0) {
      return false;
    }
    int me = UnfinishedFile.user();
    return me > 0 && me != uid(file) && me != uid(folder);
  }

  private static int mode(Path path) {
    return unix(path, "mode");
  }

  static int uid(Path path) {
    return unix(path, "uid");
  }

  /** -1 (for a mode: 0) on systems that have no such thing. */
  private static int unix(Path path, String name) {
    try {
      Map<String, Object> all = Files.readAttributes(path, "unix:" + name);
      return ((Number) all.get(name)).intValue();
    } catch (IOException | RuntimeException e) {
      return name.equals("mode") ? 0 : -1;
    }
  }

  private static int type(Path path) {
    return mode(path) & TYPE;
  }

  private static String kind(Path path) {
    return switch (type(path)) {
      case FIFO -> "a named pipe";
      case BLOCK_DEVICE -> "a block device";
      default -> "a socket or another special file";
    };
  }

  private static PosixFileAttributes posix(Path path) {
    try {
      var view =
          Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      return view == null ? null : view.readAttributes();
    } catch (IOException e) {
      return null;
    }
  }

  /** Whether there is a file to be replaced. */
  boolean exists() {
    return !isStream && Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Gives a new file what is to be kept of the old one. */
  void giveAttributes(Path fresh) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .isRegularFile()) {
      throw new FileSystemException(file.toString(), null, "it is no longer a plain file");
    }
    PosixFileAttributes old = posix(file);
    PosixFileAttributes now = posix(fresh);
    if (old == null || now == null) {
      return;
    }
    var view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    permissions.addAll(old.permissions());
    if (!now.group().equals(old.group()) && !given(() -> view.setGroup(old.group()))) {
      limitGroup(permissions);
    }
    if (!now.owner().equals(old.owner())) {
      given(() -> view.setOwner(old.owner()));
    }
    view.setPermissions(permissions);
  }

  private interface Change {
    void make() throws IOException;
  }

  private static boolean given(Change change) {
    try {
      change.make();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void limitGroup(Set<PosixFilePermission> permissions) {
    if (!permissions.contains(PosixFilePermission.OTHERS_READ)) {
      permissions.remove(PosixFilePermission.GROUP_READ);
    }
    if (!permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      permissions.remove(PosixFilePermission.GROUP_WRITE);
    }
    if (!permissions.contains(PosixFilePermission.OTHERS_EXECUTE)) {
      permissions.remove(PosixFilePermission.GROUP_EXECUTE);
    }
  }
}
