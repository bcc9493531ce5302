package org.cellweave.io.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.cellweave.io.file.InputFile;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;

/**
 * Looks through the parts of an {@code .xlsx} file for what Excel does not allow and what would
 * keep its reader busy without end: cells outside of 1,048,576 rows and 16,384 columns, values of
 * more than 32,767 characters, parts that expand to more than 500 times their size and 2 GiB, and
 * declarations of document types.
 */
final class ExcelLimits {
  private static final int MOST_ROWS = 1 << 20;
  private static final int MOST_COLUMNS = 1 << 14;
  private static final int MOST_CHARACTERS = 32_767;

  /** A character may take six bytes, as the entity of a quotation mark does. */
  private static final int MOST_BYTES = 6 * MOST_CHARACTERS;

  private static final long FREE_BYTES = 2L << 30;
  private static final int MOST_EXPANSION = 500;
  private static final byte[] REFERENCE = {' ', 'r', '=', '"'};
  private static final byte[] DOCTYPE = {'<', '!', 'D', 'O', 'C', 'T', 'Y', 'P', 'E'};

  private final Path path;
  private final String part;
  private int run;
  private int inReference;
  private int inDoctype;
  private boolean reference;
  private long column;
  private long row;

  private ExcelLimits(Path path, String part) {
    this.path = path;
    this.part = part;
  }

  /**
   * @throws FormatException names the part and the limit
   * @throws IOException when the file is no zip archive
   */
  static void check(Path path) throws IOException {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      long most = Math.max(FREE_BYTES, InputFile.size(path) * MOST_EXPANSION);
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        if (entry.getName().endsWith(".xml") || entry.getName().endsWith(".rels")) {
          try (InputStream in = zip.getInputStream(entry)) {
            most -= new ExcelLimits(path, entry.getName()).scan(in, most);
          }
        }
      }
    }
  }

  private long scan(InputStream in, long most) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      Parallel.checkInterrupted();
      size += n;
      if (size > most) {
        throw bad("expands to more than " + MOST_EXPANSION + " times its size; that is no table");
      }
      for (int i = 0; i < n; i++) {
        take(buffer[i]);
      }
    }
    return size;
  }

  private FormatException bad(String problem) {
    return new FormatException(path + ", part " + part + ", " + problem);
  }

  private void take(byte b) {
    run = b == '<' || b == '>' ? 0 : run + 1;
    if (run > MOST_BYTES) {
      throw bad("holds a value of more than " + MOST_CHARACTERS + " characters, Excel's limit");
    }
    inDoctype = b == DOCTYPE[inDoctype] ? inDoctype + 1 : b == '<' ? 1 : 0;
    if (inDoctype == DOCTYPE.length) {
      throw bad("declares a document type, which Excel does not write; it is refused");
    }
    if (reference) {
      takeReference(b);
      return;
    }
    inReference = b == REFERENCE[inReference] ? inReference + 1 : b == ' ' ? 1 : 0;
    if (inReference == REFERENCE.length) {
      inReference = 0;
      reference = true;
      column = 0;
      row = 0;
    }
  }

  /** Letters of a column, then digits of a row. */
  private void takeReference(byte b) {
    if (b >= 'A' && b <= 'Z') {
      column = Math.min(Integer.MAX_VALUE, column * 26 + (b - 'A' + 1));
    } else if (b >= '0' && b <= '9') {
      row = Math.min(Integer.MAX_VALUE, row * 10 + (b - '0'));
    } else {
      reference = false;
    }
    if (column > MOST_COLUMNS || row > MOST_ROWS) {
      throw bad(
          "holds a cell outside of Excel's "
              + MOST_ROWS
              + " rows and "
              + MOST_COLUMNS
              + " columns; the file is damaged");
    }
  }
}
