package org.cellweave.io;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A modality inside a file, as muon writes it: {@code cells.h5mu/rna} or {@code
 * cells.h5mu/mod/rna}.
 *
 * @param file the {@code .h5mu} file
 */
public record ModalityPath(Path file, String modality) {

  /** Null when the path names no place inside an {@code .h5mu} file. */
  public static ModalityPath of(Path path) {
    Path parent = path.getParent();
    if (parent == null || Files.exists(path)) {
      return null;
    }
    String name = String.valueOf(path.getFileName());
    Path above = parent.getParent();
    if (above != null && isFile(above) && String.valueOf(parent.getFileName()).equals("mod")) {
      return new ModalityPath(above, name);
    }
    return isFile(parent) ? new ModalityPath(parent, name) : null;
  }

  private static boolean isFile(Path path) {
    return String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).endsWith(".h5mu")
        && Files.isRegularFile(path);
  }
}
