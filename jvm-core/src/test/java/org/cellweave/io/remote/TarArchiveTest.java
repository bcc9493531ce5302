package org.cellweave.io.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.cellweave.util.FormatException;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarArchiveTest {
  @TempDir Path folder;

  private Path archive(String... namesAndTexts) throws IOException {
    Path file = folder.resolve("a.tar.gz");
    try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
      for (int i = 0; i < namesAndTexts.length; i += 2) {
        byte[] text = namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
        var entry = new TarArchiveEntry(namesAndTexts[i], true);
        entry.setSize(text.length);
        tar.putArchiveEntry(entry);
        tar.write(text);
        tar.closeArchiveEntry();
      }
    }
    return file;
  }

  private Path archiveOf(TarArchiveEntry entry) throws IOException {
    Path file = folder.resolve("a.tar.gz");
    try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
    }
    return file;
  }

  private long filesIn(Path place) throws IOException {
    if (!Files.exists(place)) {
      return 0;
    }
    try (Stream<Path> all = Files.walk(place)) {
      return all.filter(p -> !p.equals(place)).count();
    }
  }

  @Test
  void filesAndFoldersComeOutAndOlderFilesStay() throws IOException {
    Path file = archive("spatial/", "", "spatial/a.csv", "one", "spatial/deep/b.csv", "two");
    Path into = folder.resolve("out");
    Files.createDirectories(into.resolve("spatial"));
    Files.writeString(into.resolve("spatial/a.csv"), "mine");
    assertThat(TarArchive.unpack(file, into, Progress.NONE))
        .containsExactly(into.resolve("spatial/a.csv"), into.resolve("spatial/deep/b.csv"));
    assertThat(into.resolve("spatial/a.csv")).hasContent("mine");
    assertThat(into.resolve("spatial/deep/b.csv")).hasContent("two");
    assertThat(filesIn(into)).isEqualTo(4);
  }

  @Test
  void entriesThatWouldLeaveTheFolderAreRefused() throws IOException {
    for (String name :
        new String[] {"../evil", "a/../../evil", "/evil", "/tmp/evil", "..\\evil", "a/.."}) {
      Path into = folder.resolve("out");
      Path file = archive("good", "fine", name, "bad");
      assertThatThrownBy(() -> TarArchive.unpack(file, into, Progress.NONE))
          .as(name)
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("would leave its folder; it is refused");
      assertThat(filesIn(into)).as(name).isZero();
      assertThat(folder.resolve("evil")).doesNotExist();
    }
  }

  @Test
  void linksAndDevicesAreRefused() throws IOException {
    for (byte kind :
        new byte[] {
          TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_CHR, TarConstants.LF_FIFO
        }) {
      var entry = new TarArchiveEntry("a", kind);
      entry.setLinkName("../outside");
      Path file = archiveOf(entry);
      assertThatThrownBy(() -> TarArchive.unpack(file, folder.resolve("out"), Progress.NONE))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("no plain file");
      assertThat(filesIn(folder.resolve("out"))).isZero();
    }
  }

  @Test
  void ofADamagedArchiveNothingIsKept() throws IOException {
    var text = new StringBuilder();
    var random = new SplittableRandom(3);
    for (int i = 0; i < 3000; i++) {
      text.append(random.nextInt(1000)).append(',');
    }
    Path file = archive("spatial/a.csv", text.toString(), "spatial/b.csv", text.toString());
    byte[] whole = Files.readAllBytes(file);
    Path into = folder.resolve("out");
    for (int cut = 1; cut < whole.length - 1; cut += 701) {
      Files.write(file, Arrays.copyOf(whole, cut));
      assertThatThrownBy(() -> TarArchive.unpack(file, into, Progress.NONE))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("delete it and fetch it again");
      assertThat(filesIn(into)).isZero();
    }
    byte[] changed = whole.clone();
    changed[whole.length - 6] ^= 1;
    Files.write(file, changed);
    assertThatThrownBy(() -> TarArchive.unpack(file, into, Progress.NONE))
        .hasMessageContaining("delete it and fetch it again");
    assertThat(filesIn(into)).isZero();
    Files.writeString(file, "not an archive");
    assertThatThrownBy(() -> TarArchive.unpack(file, into, Progress.NONE))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("cannot be unpacked as a .tar.gz archive");
    assertThatThrownBy(() -> TarArchive.unpack(archive(), into, Progress.NONE))
        .hasMessageContaining("it holds no file");
    assertThatThrownBy(() -> TarArchive.unpack(folder.resolve("b"), into, Progress.NONE))
        .hasMessageContaining("does not exist");
  }
}
