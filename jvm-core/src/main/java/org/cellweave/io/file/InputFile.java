package org.cellweave.io.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cellweave.util.Check;
import org.cellweave.util.FormatException;

/** What must hold of a path before anything reads it, and what a file looks like inside. */
public final class InputFile {
  private InputFile() {}

  /**
   * @throws FormatException when there is no such file, it is a folder, or it is empty
   */
  public static Path require(Path path, String expected) {
    if (Files.isDirectory(path)) {
      throw new FormatException(path + " is a folder, expected " + expected);
    }
    if (!Files.exists(path)) {
      throw new FormatException(
          path
              + " does not exist, expected "
              + expected
              + "."
              + suggestion(path)
              + " The working folder is "
              + Path.of("").toAbsolutePath());
    }
    if (size(path) == 0) {
      throw new FormatException(
          path + " is empty (0 bytes), expected " + expected + "; copy or download it again");
    }
    return path;
  }

  public static long size(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw new FormatException(path + " cannot be opened: " + e.getMessage(), e);
    }
  }

  /** {@code " Did you mean 'x'?"} with a neighbour of about this name, otherwise "". */
  public static String suggestion(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return folder == null ? "" : " The folder " + folder + " does not exist either.";
    }
    return Check.suggestion(String.valueOf(path.getFileName()), neighbours(folder));
  }

  public static List<String> neighbours(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.limit(10_000).map(p -> String.valueOf(p.getFileName())).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** What the first bytes say the file is, for messages. */
  public static String looksLike(Path path) {
    byte[] head = new byte[8];
    int n;
    try (InputStream in = Files.newInputStream(path)) {
      n = in.readNBytes(head, 0, head.length);
    } catch (IOException e) {
      return "unreadable";
    }
    if (n >= 4 && head[0] == (byte) 0x89 && head[1] == 'P' && head[2] == 'N' && head[3] == 'G') {
      return "a PNG image";
    }
    if (n >= 2 && head[0] == 0x1f && head[1] == (byte) 0x8b) {
      return "gzip-compressed";
    }
    if (n >= 4 && head[0] == 'P' && head[1] == 'K') {
      return "a zip archive";
    }
    if (n >= 4 && head[0] == '%' && head[1] == 'P' && head[2] == 'D' && head[3] == 'F') {
      return "a PDF document";
    }
    for (int i = 0; i < n; i++) {
      if (head[i] != '\n' && head[i] != '\r' && head[i] != '\t' && (head[i] & 0xff) < 0x20) {
        return "binary, but not HDF5";
      }
    }
    return "text";
  }
}
