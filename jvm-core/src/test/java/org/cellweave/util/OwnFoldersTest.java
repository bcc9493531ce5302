package org.cellweave.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFoldersTest {
  @TempDir Path root;

  @BeforeEach
  void ownersAreKnown() {
    assumeTrue(
        root.getFileSystem().supportedFileAttributeViews().contains("unix"), "no owners here");
  }

  private Path folder(String name, String mode) throws IOException {
    Path made = Files.createDirectory(root.resolve(name));
    return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private Optional<Path> cache(Map<String, String> environment, String home, Path temporary) {
    return OwnFolders.cache("things", environment, home, temporary.toString());
  }

  @Test
  void theFirstPlaceThatHoldsIsTaken() throws IOException {
    Path cache = root.resolve("x");
    Path home = root.resolve("h");
    Path account = root.resolve("a");
    Map<String, String> both = Map.of("XDG_CACHE_HOME", cache.toString(), "HOME", home.toString());
    assertThat(cache(both, account.toString(), root)).contains(cache.resolve("cellweave/things"));
    Map<String, String> one = Map.of("HOME", home.toString(), "XDG_CACHE_HOME", "");
    assertThat(cache(one, account.toString(), root))
        .contains(home.resolve(".cache/cellweave/things"));
    assertThat(cache(Map.of(), account.toString(), root))
        .contains(account.resolve(".cache/cellweave/things"));
    assertThat(mode(home.resolve(".cache/cellweave"))).isEqualTo("rwx------");
    assertThat(mode(home.resolve(".cache/cellweave/things"))).isEqualTo("rwx------");
  }

  @Test
  void withoutAHomeTheFolderLiesAmongTheTemporaryFilesAndNeverHere() throws IOException {
    Path temporary = folder("t", "rwxrwxrwx");
    Object user = Files.getAttribute(root, "unix:uid");
    // Not sticky: others could put something else in its place.
    assertThat(cache(Map.of("HOME", "?", "XDG_CACHE_HOME", "here"), "?", temporary)).isEmpty();
    Files.setAttribute(temporary, "unix:mode", 01777);
    assertThat(cache(Map.of("HOME", "?", "XDG_CACHE_HOME", "here"), "?", temporary))
        .contains(temporary.resolve("cellweave-" + user).resolve("things"));
    assertThat(mode(temporary.resolve("cellweave-" + user))).isEqualTo("rwx------");
    assertThat(Path.of("?")).doesNotExist();
    assertThat(Path.of("here")).doesNotExist();
  }

  @Test
  void aHomeThatCannotBeWrittenToIsPassedOver() throws IOException {
    Path file = Files.createFile(root.resolve("file"));
    Map<String, String> environment = Map.of("HOME", file.toString());
    assertThat(cache(environment, "?", root).orElseThrow().getParent().getParent()).isEqualTo(root);
  }

  @Test
  void linksDoNotHold() throws IOException {
    Path elsewhere = folder("elsewhere", "rwx------");
    Path home = folder("h", "rwx------");
    Files.createDirectory(home.resolve(".cache"));
    Files.createSymbolicLink(home.resolve(".cache/cellweave"), elsewhere);
    Path temporary = folder("t", "rwx------");
    assertThat(cache(Map.of("HOME", home.toString()), "?", temporary).orElseThrow())
        .startsWith(temporary);
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void anOwnFolderIsClosed() throws IOException {
    Path open = folder("open", "rwxrwxrwx");
    assertThat(OwnFolders.made(open)).isTrue();
    assertThat(mode(open)).isEqualTo("rwx------");
  }

  @Test
  void filesOfOthersLinksAndOpenFilesAreNotOurs() throws IOException {
    Path file = Files.createFile(root.resolve("f"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(OwnFolders.isOwnFile(file, false)).isTrue();
    assertThat(OwnFolders.isOwnFile(file, true)).isFalse();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    assertThat(OwnFolders.isOwnFile(file, false)).isFalse();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(OwnFolders.isOwnFile(file, true)).isTrue();
    Path link = Files.createSymbolicLink(root.resolve("l"), file);
    assertThat(OwnFolders.isOwnFile(link, false)).isFalse();
    assertThat(OwnFolders.isOwnFile(root, false)).isFalse();
    assertThat(OwnFolders.isOwnFile(root.resolve("none"), false)).isFalse();
    Object user = Files.getAttribute(root, "unix:uid");
    if (user.equals(0)) {
      Files.setAttribute(file, "unix:uid", 12345);
      assertThat(OwnFolders.isOwnFile(file, false)).isFalse();
      Path folder = folder("others", "rwx------");
      Files.setAttribute(folder, "unix:uid", 12345);
      assertThat(OwnFolders.made(folder)).isFalse();
    }
  }
}
