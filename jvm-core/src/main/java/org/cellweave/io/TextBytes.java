package org.cellweave.io;

import java.nio.file.Path;
import org.cellweave.util.FormatException;
import org.cellweave.util.Quoted;

/** The bytes of a {@link TextSource} one by one, without making strings of them. */
final class TextBytes implements AutoCloseable {
  private static final double[] TENS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private final TextSource in;
  private final byte[] buffer = new byte[TextSource.BUFFER];
  private int at;
  private int end;
  private long line = 1;
  private boolean afterReturn;

  TextBytes(TextSource in) {
    this.in = in;
  }

  static TextBytes open(Path path, String expected) {
    return new TextBytes(TextSource.open(path, expected));
  }

  FormatException bad(String problem) {
    return bad(line, problem);
  }

  FormatException bad(long atLine, String problem) {
    return new FormatException(in.name() + ", line " + atLine + ": " + problem);
  }

  String name() {
    return in.name();
  }

  /** The line that the next byte lies on, from 1. */
  long line() {
    return line;
  }

  /** The next byte without taking it, or -1 at the end. */
  int peek() {
    return at < end || fill() ? buffer[at] & 0xff : -1;
  }

  int next() {
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
  String readLine() {
    if (afterReturn && peek() == '\n') {
      next();
    }
    if (peek() < 0) {
      return null;
    }
    long start = line;
    var bytes = new java.io.ByteArrayOutputStream();
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
  boolean skipBlanks() {
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
  long readIndex() {
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
  double readNumber() {
    long fast = readDigits();
    return fast >= 0 ? fast : readNumberSlowly();
  }

  private double readNumberSlowly() {
    skipBlanks();
    boolean negative = peek() == '-';
    long digits = 0;
    int n = 0;
    int fraction = -1;
    var text = new StringBuilder(0);
    int b = peek();
    while (b > ' ') {
      if (text.length() == 0 && n < 15 && b >= '0' && b <= '9') {
        digits = digits * 10 + (b - '0');
        n++;
        fraction += fraction >= 0 ? 1 : 0;
      } else if (text.length() == 0 && b == '.' && fraction < 0) {
        fraction = 0;
      } else if (text.length() > 0 || n > 0 || fraction >= 0 || b != '-') {
        if (text.length() == 0) {
          text.append(negative ? "-" : "").append(plain(digits, n, fraction));
        }
        text.append((char) b);
        if (text.length() > 4096) {
          throw bad(Quoted.of(text) + " is not a number");
        }
      }
      at++;
      b = peek();
    }
    if (text.length() > 0) {
      return parse(text.toString());
    }
    if (n == 0) {
      throw bad("a number is expected");
    }
    double value = fraction > 0 ? digits / TENS[fraction] : digits;
    return negative ? -value : value;
  }

  private static String plain(long digits, int n, int fraction) {
    if (n == 0 && fraction < 0) {
      return "";
    }
    String all = String.format(java.util.Locale.ROOT, "%0" + Math.max(1, n) + "d", digits);
    return fraction < 0
        ? all
        : all.substring(0, all.length() - fraction) + "." + all.substring(all.length() - fraction);
  }

  private double parse(String text) {
    var number = new NumberText();
    if (!number.read(text.toCharArray(), 0, text.length())) {
      throw bad(Quoted.of(text) + " is not a number");
    }
    return number.value();
  }

  @Override
  public void close() {
    in.close();
  }
}
