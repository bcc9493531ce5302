package org.cellweave.io.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.cellweave.data.AnnData;
import org.cellweave.io.H5adWriter;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelFileTest {
  @TempDir Path folder;

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String read(ChannelFile file, long address, int n) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(n);
    file.read(address, into);
    return new String(into.array(), StandardCharsets.US_ASCII).replace('\0', '.');
  }

  @Test
  void afterAFailureTheRestStaysInMemoryAndIsReadBack() throws IOException {
    Path path = folder.resolve("a");
    ChannelFile file = ChannelFile.truncated(path);
    file.write(0, bytes("abcdef"));
    file.fail(new IOException("full"));
    file.fail(new IOException("later"));
    file.write(4, bytes("XYZ"));
    file.write(9, bytes("!"));
    assertThat(read(file, 2, 9)).isEqualTo("cdXYZ..!.");
    assertThat(file.endOfFile()).isEqualTo(10);
    assertThat(file.failure()).hasMessage("full");
    file.endOfAddresses(3);
    file.truncate();
    file.close();
    assertThat(path).hasContent("abcdef");
  }

  @Test
  void anInterruptNeitherClosesTheFileNorIsLost() throws IOException {
    Path path = folder.resolve("a");
    ChannelFile file = ChannelFile.truncated(path);
    Thread.currentThread().interrupt();
    file.write(0, bytes("abc"));
    assertThat(read(file, 0, 3)).isEqualTo("abc");
    file.endOfAddresses(5);
    file.truncate();
    file.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(file.failure()).isNull();
    assertThat(Files.readAllBytes(path)).containsExactly('a', 'b', 'c', 0, 0);
  }

  @Test
  void anInterruptedWriteLeavesTheOldFileAndSaysSo() throws IOException {
    var data = new AnnData(Seeds.counts(50, 5, 0.5, 1));
    Path path = folder.resolve("a.h5ad");
    H5adWriter.write(data, path);
    byte[] old = Files.readAllBytes(path);
    Progress interrupting = (stage, step, total, objective) -> Thread.currentThread().interrupt();
    assertThatThrownBy(
            () ->
                H5adWriter.write(
                    data, path, H5adWriter.Options.DEFAULTS.withProgress(interrupting)))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(path).hasBinaryContent(old);
    assertThat(folder.toFile().list()).containsExactly("a.h5ad");
    H5adWriter.write(data, path);
    assertThat(path).hasBinaryContent(old);
  }
}
