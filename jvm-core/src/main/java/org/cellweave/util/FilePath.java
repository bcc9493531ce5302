package org.cellweave.util;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths as users write them. */
public final class FilePath {
  private FilePath() {}

  /**
   * @throws IllegalArgumentException for a text that no file of this system can be named, such as
   *     one with the character 0
   */
  public static Path of(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          Quoted.of(text)
              + " cannot name a file: "
              + Quoted.line(e.getReason())
              + (e.getIndex() < 0 ? "" : ", at character " + (e.getIndex() + 1))
              + "; give another path",
          e);
    }
  }
}
