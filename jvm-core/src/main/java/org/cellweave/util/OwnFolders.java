package org.cellweave.util;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Folders that belong to the user of this process alone, for what a program keeps and later trusts:
 * compiled scripts, native libraries.
 *
 * <p>The first that holds is taken of {@code $XDG_CACHE_HOME/cellweave}, {@code
 * $HOME/.cache/cellweave}, the same below the account's home, and {@code cellweave-UID} among the
 * temporary files. A folder holds when it is absolute, can be made or is there, is no link, is
 * owned by this process's user, and is open to nobody else; an own folder with a wider mode is
 * closed. Where the system knows no owners (Windows), the account's home is trusted. An account
 * without a home ({@code user.home} is {@code ?}) thus never gets a folder below the working one.
 */
public final class OwnFolders {
  private static final String NAME = "cellweave";
  private static final String OWNER = "unix:uid";
  private static final String MODE = "unix:mode";
  private static final int OTHERS = 077;
  private static final int WRITABLE_BY_ALL = 02;
  private static final int WRITABLE_BY_OTHERS = 022;
  private static final int STICKY = 01000;
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");
  private static final LinkOption[] AS_IT_IS = {LinkOption.NOFOLLOW_LINKS};

  private OwnFolders() {}

  /**
   * The folder {@code name} in this user's cache, made if need be; empty when no place holds.
   *
   * @param environment {@code System.getenv()}
   */
  public static Optional<Path> cache(String name, Map<String, String> environment) {
    return cache(name, environment, property("user.home"), property("java.io.tmpdir"));
  }

  static Optional<Path> cache(
      String name, Map<String, String> environment, String accountHome, String temporary) {
    List<Path> places = new ArrayList<>();
    absolute(environment.get("XDG_CACHE_HOME")).ifPresent(places::add);
    absolute(environment.get("HOME")).ifPresent(home -> places.add(home.resolve(".cache")));
    absolute(accountHome).ifPresent(home -> places.add(home.resolve(".cache")));
    for (Path place : places) {
      if (made(place.resolve(NAME)) && made(place.resolve(NAME).resolve(name))) {
        return Optional.of(place.resolve(NAME).resolve(name));
      }
    }
    return absolute(temporary)
        .flatMap(OwnFolders::shared)
        .map(own -> own.resolve(name))
        .filter(OwnFolders::made);
  }

  /** {@code cellweave-UID} in a folder that all may write to, where it holds. */
  private static Optional<Path> shared(Path temporary) {
    Optional<Integer> user = user();
    return user.map(uid -> temporary.resolve(NAME + "-" + uid)).filter(OwnFolders::made);
  }

  /**
   * A home for programs that ask for one: the account's, else {@code HOME}, else a folder among the
   * temporary files that is this user's alone.
   *
   * @throws IOException when there is none and none can be made
   */
  public static Path home(Map<String, String> environment) throws IOException {
    Optional<Path> account = absolute(property("user.home"));
    if (account.isPresent()) {
      return account.get();
    }
    Optional<Path> named = absolute(environment.get("HOME")).filter(Files::isWritable);
    if (named.isPresent()) {
      return named.get();
    }
    Optional<Path> own = absolute(property("java.io.tmpdir")).flatMap(OwnFolders::shared);
    return own.isPresent() ? own.get() : Files.createTempDirectory(NAME);
  }

  /**
   * Makes a folder with its parents, or closes an own one to others; false when it does not hold.
   */
  public static boolean made(Path folder) {
    try {
      if (!hasOwners(folder)) {
        Files.createDirectories(folder);
        return true;
      }
      if (!Files.exists(folder, AS_IT_IS)) {
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
      }
      if (!isOwned(folder) || !Files.isDirectory(folder, AS_IT_IS) || !Files.isWritable(folder)) {
        return false;
      }
      if ((mode(folder) & OTHERS) != 0) {
        Files.setPosixFilePermissions(folder, EnumSet.copyOf(PRIVATE));
      }
      return nobodyElseCanReplace(folder);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /**
   * True for a plain file of this user that others can neither write nor, if {@code closed}, read.
   */
  public static boolean isOwnFile(Path file, boolean closed) {
    try {
      if (!hasOwners(file)) {
        return Files.isRegularFile(file);
      }
      int forbidden = closed ? OTHERS : WRITABLE_BY_OTHERS;
      return Files.isRegularFile(file, AS_IT_IS) && isOwned(file) && (mode(file) & forbidden) == 0;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** A folder above that all may write to lets them rename what lies in it, unless it is sticky. */
  private static boolean nobodyElseCanReplace(Path folder) throws IOException {
    for (Path above = folder.toRealPath().getParent(); above != null; above = above.getParent()) {
      int mode = mode(above);
      if ((mode & WRITABLE_BY_ALL) != 0 && (mode & STICKY) == 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasOwners(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  private static boolean isOwned(Path path) throws IOException {
    return user().isPresent() && user().get().equals(Files.getAttribute(path, OWNER, AS_IT_IS));
  }

  private static int mode(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, MODE, AS_IT_IS);
  }

  private static Optional<Path> absolute(String place) {
    return place == null || place.isBlank()
        ? Optional.empty()
        : Optional.of(Path.of(place)).filter(Path::isAbsolute);
  }

  private static String property(String name) {
    return System.getProperty(name, "");
  }

  /** This process's user, whether it has an account or not. */
  private static Optional<Integer> user() {
    return User.ID;
  }

  /** Asked once. */
  private static final class User {
    static final Optional<Integer> ID = of(Path.of("/proc/self"));

    private static Optional<Integer> of(Path process) {
      try {
        if (Files.exists(process)) {
          return Optional.of((Integer) Files.getAttribute(process, OWNER));
        }
        Path own = Files.createTempFile(NAME, null);
        try {
          return Optional.of((Integer) Files.getAttribute(own, OWNER));
        } finally {
          Files.delete(own);
        }
      } catch (IOException | UnsupportedOperationException e) {
        return Optional.empty();
      }
    }
  }
}
