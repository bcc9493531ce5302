package org.cellweave.io.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacedFileTest {
  @TempDir Path folder;

  @BeforeEach
  void needsPosix() {
    Assumptions.assumeTrue(
        folder.getFileSystem().supportedFileAttributeViews().contains("unix"), "needs POSIX");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private static void write(Path path, String text) {
    ReplacedFile.write(path, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void refused(Path path, String message) {
    assertThatThrownBy(() -> ReplacedFile.at(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void aNewFileFollowsTheUmaskAndAnOldOneKeepsItsMode() throws IOException {
    Path plain = Files.createFile(folder.resolve("plain"));
    Path file = folder.resolve("a.txt");
    write(file, "one");
    assertThat(mode(file)).isEqualTo(mode(plain));
    for (String mode : List.of("rw-------", "rw-rw-rw-", "rwxr-x--x")) {
      mode(file, mode);
      try (ReplacedFile replaced = ReplacedFile.at(file)) {
        assertThat(mode(replaced.temporary())).isEqualTo("rw-------");
        replaced.commit(true);
      }
      assertThat(mode(file)).isEqualTo(mode);
    }
    assertThat(names()).containsExactly("a.txt", "plain");
  }

  @Test
  void rootKeepsOwnerAndGroup() throws IOException {
    Assumptions.assumeTrue(UnfinishedFile.user() == 0, "needs root");
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    Files.setAttribute(file, "unix:uid", 12345);
    Files.setAttribute(file, "unix:gid", 23456);
    write(file, "new");
    assertThat(file).hasContent("new");
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(12345);
    assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(23456);
  }

  @Test
  void aFolderThatTakesNoFilesIsNoMissingFile() {
    Assumptions.assumeTrue(UnfinishedFile.user() == 0 && Files.exists(Path.of("/proc/self")));
    assertThatThrownBy(() -> write(Path.of("/proc/x.txt"), "new"))
        .hasMessage(
            "writing /proc/x.txt failed: the system makes no file of that name there; choose"
                + " another folder");
  }

  @Test
  void linksAreFollowedAndStay() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path file = Files.writeString(inner.resolve("a.txt"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("inner/a.txt"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("link"));
    write(second, "new");
    assertThat(file).hasContent("new");
    assertThat(link).isSymbolicLink();
    assertThat(second).isSymbolicLink();
    Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere"), Path.of("inner/b.txt"));
    write(nowhere, "b");
    assertThat(inner.resolve("b.txt")).hasContent("b");
    assertThat(nowhere).isSymbolicLink();
    Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
    refused(loop, "leads to itself");
    refused(Files.createSymbolicLink(folder.resolve("up"), inner), "is a folder");
    refused(Files.createSymbolicLink(folder.resolve("gone"), Path.of("no/x")), "does not exist");
  }

  @Test
  void otherHardLinksKeepTheOldContent() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    Path other = Files.createLink(folder.resolve("b.txt"), file);
    write(file, "new");
    assertThat(file).hasContent("new");
    assertThat(other).hasContent("old");
  }

  @Test
  void whatMustStayIsRefusedBeforeTheWork() throws Exception {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    mode(file, "r--r--r--");
    refused(file, "a.txt is read-only; make it writable (chmod u+w)");
    refused(folder, "is a folder, expected the name of a file");
    refused(folder.resolve("no/a"), "no does not exist; create it first");
    refused(folder.resolve("n".repeat(256)), "has a name of 256 bytes, at most 255");
    refused(folder.resolve("no\n/a"), "no\\n does not exist");
    Path pipe = folder.resolve("pipe");
    Assumptions.assumeTrue(
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "needs mkfifo");
    refused(pipe, "is a named pipe, which is never replaced");
    assertThat(names()).containsExactly("a.txt", "pipe");
    assertThat(file).hasContent("old");
  }

  @Test
  void aFolderOfOthersIsRefused() throws IOException {
    Assumptions.assumeTrue(UnfinishedFile.user() > 0, "root may write everywhere");
    mode(folder, "r-xr-xr-x");
    try {
      refused(folder.resolve("a"), "is read-only for this user");
    } finally {
      mode(folder, "rwxr-xr-x");
    }
  }

  @Test
  void aDeviceGetsTheBytesAndStays() {
    Path device = Path.of("/dev/null");
    Assumptions.assumeTrue(Files.exists(device), "needs /dev/null");
    write(device, "text");
    assertThat(Files.isRegularFile(device)).isFalse();
    assertThat(device).exists();
  }

  @Test
  void aFailureKeepsTheOldFileAndLeavesNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    assertThatThrownBy(
            () ->
                ReplacedFile.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("disk\nfull");
                    }))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("writing " + file + " failed: disk\\nfull");
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("a.txt");
  }

  @Test
  void theLongestNamesCanBeWritten() throws IOException {
    for (String name : List.of("n".repeat(255), "\u00e4".repeat(127), "\ud83e\uddec".repeat(63))) {
      Path file = folder.resolve(name);
      write(file, "x");
      write(file, "y");
      assertThat(file).hasContent("y");
      Files.delete(file);
    }
    assertThat(names()).isEmpty();
  }

  /** The temporary file's name with one part changed. */
  private Path leftOver(Path file, int part, String value) throws IOException {
    try (ReplacedFile replaced = ReplacedFile.at(file)) {
      String name = replaced.temporary().getFileName().toString();
      int writer = name.lastIndexOf('.', name.length() - 5) + 1;
      String[] parts = name.substring(writer, name.length() - 4).split("-");
      parts[part] = value;
      String other = name.substring(0, writer) + String.join("-", parts) + ".tmp";
      return Files.writeString(folder.resolve(other), "left");
    }
  }

  @Test
  void whatKilledWritersLeftIsDeletedAndNothingElse() throws IOException {
    Path file = folder.resolve("a.txt");
    Path earlierWithThisNumber = leftOver(file, 3, "1");
    Path ofNoProcess = leftOver(file, 2, "2147483646");
    Path ofAnotherMachine = leftOver(file, 1, "00000000");
    Path longAgo = leftOver(file, 1, "00000001");
    Files.setLastModifiedTime(longAgo, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    Path live = leftOver(file, 4, "0123456789abcdef");
    Path ofAnotherTarget = leftOver(folder.resolve("b.txt"), 3, "1");
    Path notOurs = Files.createFile(folder.resolve(".a.txt.tmp"));
    write(file, "x");
    assertThat(earlierWithThisNumber).doesNotExist();
    assertThat(ofNoProcess).doesNotExist();
    assertThat(longAgo).doesNotExist();
    assertThat(List.of(ofAnotherMachine, live, ofAnotherTarget, notOurs))
        .allSatisfy(p -> assertThat(p).exists());
  }

  @Test
  void ofSeveralWritersTheLastWholeOneWins() throws IOException {
    Path file = folder.resolve("a.txt");
    IntStream.range(0, 64)
        .parallel()
        .forEach(i -> write(file, Integer.toString(i % 10).repeat(100_000)));
    String text = Files.readString(file);
    assertThat(text).hasSize(100_000).isEqualTo(text.substring(0, 1).repeat(100_000));
    assertThat(names()).containsExactly("a.txt");
    assertThat(Files.readAttributes(file, PosixFileAttributes.class).isRegularFile()).isTrue();
  }
}
