package org.cellweave.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The real anndata, in the Python that {@code CELLWEAVE_PYTHON} names; skips without one. */
public final class Anndata {
  private Anndata() {}

  public static void run(Path folder, Path script, List<String> arguments)
      throws IOException, InterruptedException {
    String python = System.getenv("CELLWEAVE_PYTHON");
    Assumptions.assumeTrue(
        python != null && !python.isBlank(),
        "set CELLWEAVE_PYTHON to a Python with anndata to compare with it");
    List<String> command = new ArrayList<>(List.of(python, script.toString()));
    command.addAll(arguments);
    Path log = folder.resolve("python.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(150, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("Python ends in time").isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(0);
  }
}
