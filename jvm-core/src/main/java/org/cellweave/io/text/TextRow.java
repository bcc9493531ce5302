package org.cellweave.io.text;

import java.util.Arrays;
import org.cellweave.util.FormatException;

/** The fields of one row of a text table; the object is filled anew for every row. */
public final class TextRow {
  private static final int MOST_CHARS = 1 << 28;

  private final String name;
  private char[] chars = new char[1 << 12];
  private int[] ends = new int[64];
  private int n;
  private long line;
  private String comment;

  /**
   * @param name of the file, for messages
   */
  TextRow(String name) {
    this.name = name;
  }

  void begin(long atLine) {
    n = 0;
    line = atLine;
    comment = null;
  }

  void comment(String text) {
    comment = text;
  }

  void add(char[] from, int at, int length) {
    int start = start(n);
    if (start + length > MOST_CHARS) {
      throw new FormatException(
          name + ", line " + line + ": the row is longer than 2^28 characters; this is no table");
    }
    if (start + length > chars.length) {
      chars = Arrays.copyOf(chars, Math.max(start + length, 2 * chars.length));
    }
    if (n == ends.length) {
      ends = Arrays.copyOf(ends, 2 * n);
    }
    System.arraycopy(from, at, chars, start, length);
    ends[n++] = start + length;
  }

  public int size() {
    return n;
  }

  /** The line that the row starts on, from 1. */
  public long line() {
    return line;
  }

  /** The rest of a line that starts with {@code #}, or null for a row of fields. */
  public String comment() {
    return comment;
  }

  private int start(int field) {
    return field == 0 ? 0 : ends[field - 1];
  }

  public boolean isEmpty(int field) {
    return start(field) == ends[field];
  }

  public boolean isBlank() {
    return n == 0 || (n == 1 && text(0).isBlank());
  }

  public String text(int field) {
    return new String(chars, start(field), ends[field] - start(field));
  }

  public String[] texts() {
    String[] out = new String[n];
    for (int f = 0; f < n; f++) {
      out[f] = text(f);
    }
    return out;
  }

  public boolean read(int field, NumberText number) {
    return number.read(chars, start(field), ends[field]);
  }
}
