package org.cellweave.io.text;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.cellweave.util.FormatException;
import org.cellweave.util.Quoted;

/** The bytes of a {@link TextSource} one by one, without making strings of them. */
public final class TextBytes implements AutoCloseable {
  private static final int LONGEST_NUMBER = 4096;

  private final TextSource in;
  private final byte[] buffer = new byte[TextSource.BUFFER];
  private int at;
  private int end;
  private long line = 1;
  private boolean afterReturn;
  private char[] token = new char[64];
  private final NumberText number = new NumberText();

  public TextBytes(TextSource in) {
    this.in = in;
  }

  public static TextBytes open(Path path, String expected) {
    return new TextBytes(TextSource.open(path, expected));
  }

  public FormatException bad(String problem) {
    return bad(line, problem);
  }

  public FormatException bad(long atLine, String problem) {
    return new FormatException(in.name() + ", line " + atLine + ": " + problem);
  }

  public String name() {
    return in.name();
  }

  /** The line that the next byte lies on, from 1. */
  public long line() {
    return line;
  }

  /** The next byte without taking it, or -1 at the end. */
  public int peek() {
    return at < end || fill() ? buffer[at] & 0xff : -1;
  }

  public int next() {
    if (at >= end && !fill()) {
      return -1;
    }
    byte b = buffer[at++];
    countLine(b);
    return b & 0xff;
  }

  /** Lines end with LF, CR LF or CR. */
  private void countLine(byte b) {
    if (b == '\r' || (b == '\n' && !afterReturn)) {
      line++;
    }
    afterReturn = b == '\r';
  }

  private boolean fill() {
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    at = 0;
    return end > 0;
  }

  /** The rest of the line without its end, or null at the end of the file. */
  public String readLine() {
    if (afterReturn && peek() == '\n') {
      next();
    }
    if (peek() < 0) {
      return null;
    }
    long start = line;
    var bytes = new ByteArrayOutputStream();
    for (int b = next(); b >= 0 && b != '\n' && b != '\r'; b = next()) {
      bytes.write(b);
      if (bytes.size() > 1 << 28) {
        throw bad("the line is longer than 256 MiB; this is not a text table");
      }
    }
    byte[] text = bytes.toByteArray();
    return Utf8Reader.decode(in, text, 0, text.length, start);
  }

  /** Skips blanks and ends of lines; false at the end of the file. */
  public boolean skipBlanks() {
    while (true) {
      int b = peek();
      if (b < 0) {
        return false;
      }
      if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
        return true;
      }
      next();
    }
  }

  /** A whole number without a sign; -1 when there is none here. */
  public long readIndex() {
    long fast = readDigits();
    return fast >= 0 ? fast : readIndexSlowly();
  }

  /**
   * Blanks and up to nine digits that lie in the buffer with a blank behind them; -1, with nothing
   * taken, for anything else. Most numbers of a matrix are of this kind.
   */
  private long readDigits() {
    int p = at;
    long lines = line;
    boolean returned = afterReturn;
    while (p < end && buffer[p] <= ' ' && buffer[p] > 0) {
      countLine(buffer[p]);
      p++;
    }
    int start = p;
    int value = 0;
    while (p < end && p - start < 9 && buffer[p] >= '0' && buffer[p] <= '9') {
      value = value * 10 + (buffer[p] - '0');
      p++;
    }
    if (p == start || p >= end || buffer[p] > ' ' || buffer[p] < 0) {
      line = lines;
      afterReturn = returned;
      return -1;
    }
    afterReturn = false;
    at = p;
    return value;
  }

  private long readIndexSlowly() {
    skipBlanks();
    int b = peek();
    if (b < '0' || b > '9') {
      return -1;
    }
    long value = 0;
    while (b >= '0' && b <= '9') {
      if (value > 100_000_000_000_000_000L) {
        throw bad("a number of more than 17 digits is no index");
      }
      value = value * 10 + (b - '0');
      at++;
      b = peek();
    }
    return value;
  }

  /** A number; short decimal ones are exact without going through a string. */
  public double readNumber() {
    long fast = readDigits();
    return fast >= 0 ? fast : readNumberSlowly();
  }

  private double readNumberSlowly() {
    skipBlanks();
    int n = 0;
    for (int b = peek(); b > ' '; b = peek()) {
      if (n == token.length) {
        if (n >= LONGEST_NUMBER) {
          throw bad(Quoted.of(new String(token, 0, n)) + " is not a number");
        }
        token = Arrays.copyOf(token, 2 * n);
      }
      token[n++] = (char) b;
      at++;
    }
    if (n == 0) {
      throw bad("a number is expected");
    }
    if (!number.read(token, 0, n)) {
      throw bad(Quoted.of(new String(token, 0, n)) + " is not a number");
    }
    return number.value();
  }

  @Override
  public void close() {
    in.close();
  }
}
