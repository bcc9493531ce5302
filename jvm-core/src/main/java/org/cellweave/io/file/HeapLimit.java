package org.cellweave.io.file;

import java.util.function.Supplier;
import org.cellweave.util.FormatException;

/** What to say of a file that holds, or claims to hold, more than Java's memory. */
public final class HeapLimit {
  /**
   * Bytes that a name of a cell or gene needs at least: a string, its characters, its reference.
   */
  private static final long NAME = 60;

  private HeapLimit() {}

  public static <T> T reading(Object file, Supplier<T> read) {
    try {
      return read.get();
    } catch (OutOfMemoryError e) {
      throw new FormatException(
          file
              + " holds more than fits in memory ("
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB); give Java more with --heap or -Xmx",
          e);
    }
  }

  /**
   * @throws FormatException when as many names cannot be held
   */
  public static void names(Object file, long nRows, long nCols) {
    long most = Runtime.getRuntime().maxMemory();
    if ((nRows + nCols) * NAME > most) {
      throw new FormatException(
          file
              + " claims "
              + nRows
              + " x "
              + nCols
              + ", whose names alone need more than the "
              + (most >> 20)
              + " MiB of memory that Java has; if that is right, give it more with --heap or -Xmx");
    }
  }
}
