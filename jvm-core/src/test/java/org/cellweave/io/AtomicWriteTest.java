package org.cellweave.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cellweave.data.AnnData;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.io.file.Sync;
import org.cellweave.matrix.DType;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicWriteTest {
  @TempDir Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private Path old() {
    Path file = folder.resolve("a.h5ad");
    var data = new AnnData(Seeds.counts(20, 5, 0.5, 1));
    data.getUns().put("which", "old");
    H5adWriter.write(data, file);
    return file;
  }

  private void oldIsWhole(Path file) {
    assertThat(H5adReader.read(file).getUns()).containsEntry("which", "old");
  }

  private void refused(AnnData data, Path file, String message) throws IOException {
    assertThatThrownBy(() -> H5adWriter.write(data, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
    oldIsWhole(file);
    assertThat(names()).containsExactly("a.h5ad");
  }

  @Test
  void aFailureHalfWayLeavesTheOldFile() throws IOException {
    Path file = old();
    var data = new AnnData(Seeds.counts(2000, 50, 0.5, 2));
    data.getUns().put("thing", new Object());
    refused(data, file, "'uns/thing' is a java.lang.Object, which .h5ad cannot hold");
    data.getUns().clear();
    data.getUns().put("a/", 1L);
    refused(data, file, "'uns/a/' has a name that .h5ad cannot hold");
    data.getUns().put("a/b", 1L);
    data.getUns().put("a", 1L);
    data.getUns().remove("a/");
    refused(data, file, "'uns' holds both 'a' and 'a/b'");
    data.getUns().clear();
    data.getUns().put("text", "a\0b");
    refused(data, file, "NUL character");
    data.getUns().put("text", List.of("a", 1));
    refused(data, file, "'uns/text' is a list of mixed values");
    data.getUns().clear();
    data.setX(data.getX().withDType(DType.INT32));
    ((org.cellweave.matrix.CsrMatrix) data.getX()).block(0).values()[0] = 0.5f;
    refused(data, file, "X has type int32, but holds 0.5");
    data.setX(null);
    data.getObs().set("i", NumericColumn.of(new double[2000]));
    data.getObs().setIndexName("i");
    refused(data, file, "the index of 'obs' is named 'i'");
  }

  @Test
  void theObjectIsNotChangedByWritingIt() {
    var data = new AnnData(Seeds.counts(3, 2, 0.5, 1));
    data.getObs().set("text", StringColumn.of("b10", "b2", "b2"));
    Path file = folder.resolve("a.h5ad");
    H5adWriter.write(data, file);
    assertThat(data.getObs().get("text")).isInstanceOf(StringColumn.class);
    var column = (org.cellweave.data.CategoricalColumn) H5adReader.read(file).getObs().get("text");
    assertThat(column.categoryNames()).containsExactly("b2", "b10");
  }

  @Test
  void waitingForTheDiskDoesNotChangeTheBytes() throws IOException {
    var data = new AnnData(Seeds.counts(300, 50, 0.5, 3));
    byte[] first = null;
    for (Sync sync : Sync.values()) {
      Path file = folder.resolve("a.h5ad");
      H5adWriter.write(data, file, H5adWriter.Options.DEFAULTS.withSync(sync));
      byte[] bytes = Files.readAllBytes(file);
      first = first == null ? bytes : first;
      assertThat(bytes).as("%s", sync).isEqualTo(first);
    }
    assertThat(H5adWriter.Options.DEFAULTS.sync()).isEqualTo(Sync.WHEN_REPLACING);
  }

  @Test
  void placesThatCannotBeWrittenAreNamed() {
    var data = new AnnData(Seeds.counts(3, 2, 0.5, 1));
    assertThatThrownBy(() -> H5adWriter.write(data, folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is a folder");
    assertThatThrownBy(() -> H5adWriter.write(data, folder.resolve("no").resolve("a.h5ad")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not exist; create it first");
  }

  private Process start(Path file, int times, String limit) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String command =
        limit
            + " exec '"
            + java
            + "' -Xmx1g -cp '"
            + classes
            + "' "
            + WriterProcess.class.getName()
            + " '"
            + file
            + "' "
            + times;
    File log = folder.resolve("log.txt").toFile();
    return new ProcessBuilder("bash", "-c", command)
        .redirectErrorStream(true)
        .redirectOutput(log)
        .start();
  }

  private static void needsBash() {
    Assumptions.assumeTrue(new File("/bin/bash").exists(), "needs bash");
  }

  @Test
  void aKilledWriterLeavesTheOldFile() throws Exception {
    needsBash();
    Path file = old();
    Process process = start(file, 1000, "");
    boolean half = false;
    // Two minutes guard against a writer that never starts to write.
    for (int wait = 0; wait < 24_000 && !half && process.isAlive(); wait++) {
      Thread.sleep(5);
      half = names().stream().anyMatch(n -> n.endsWith(".tmp"));
    }
    process.destroyForcibly().waitFor(120, TimeUnit.SECONDS);
    assertThat(half).as(Files.readString(folder.resolve("log.txt"))).isTrue();
    assertThat(H5adReader.read(file).getNObs()).isIn(20, 4000);
  }

  /** A limit on the size of files stands for a full disk: the same calls fail. */
  @Test
  void aFullDiskIsReportedAndLeavesTheOldFile() throws Exception {
    needsBash();
    Path file = old();
    Process process = start(file, 1, "ulimit -f 2000;");
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    String log = Files.readString(folder.resolve("log.txt"));
    assertThat(process.exitValue()).as(log).isEqualTo(3);
    assertThat(log).contains("the file grew beyond the allowed size");
    oldIsWhole(file);
    assertThat(names()).containsExactly("a.h5ad", "log.txt");
  }
}
