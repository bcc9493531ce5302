package org.cellweave.io;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.cellweave.data.AnnData;
import org.cellweave.testing.Seeds;

/** Writes an h5ad file over and over in a process of its own, for tests that end it half-way. */
public final class WriterProcess {
  private WriterProcess() {}

  /**
   * @param args file to write, number of times
   */
  public static void main(String[] args) {
    var data = new AnnData(Seeds.counts(4000, 1000, 0.5, 0));
    try {
      for (int i = 0; i < Integer.parseInt(args[1]); i++) {
        H5adWriter.write(data, Path.of(args[0]));
      }
    } catch (UncheckedIOException e) {
      System.out.println("refused: " + e.getMessage());
      System.exit(3);
    }
  }
}
