package org.cellweave.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.cellweave.util.FormatException;

/** A text file, gzip-compressed or not, read byte by byte without making strings of it. */
final class TextBytes implements AutoCloseable {
  private static final int BUFFER = 1 << 16;
  private static final double[] TENS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private final Path path;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;
  private long line = 1;

  private TextBytes(Path path, InputStream in) {
    this.path = path;
    this.in = in;
  }

  /** Compression is told from the content, whatever the name says. */
  static TextBytes open(Path path, String expected) {
    InputFile.require(path, expected);
    try {
      boolean gzip = InputFile.looksLike(path).equals("gzip-compressed");
      InputStream raw = Files.newInputStream(path);
      return new TextBytes(path, gzip ? new GZIPInputStream(raw, BUFFER) : raw);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private static FormatException failure(Path path, IOException e) {
    if (e instanceof EOFException) {
      return new FormatException(path + " ends in the middle; it is truncated, copy it again", e);
    }
    if (e instanceof ZipException) {
      return new FormatException(
          path + " holds damaged gzip data (" + e.getMessage() + "); copy it again", e);
    }
    return new FormatException(path + " cannot be read: " + e.getMessage(), e);
  }

  FormatException bad(String problem) {
    return new FormatException(path + ", line " + line + ": " + problem);
  }

  Path path() {
    return path;
  }

  long line() {
    return line;
  }

  /** The next byte without taking it, or -1 at the end. */
  int peek() {
    return at < end || fill() ? buffer[at] : -1;
  }

  int next() {
    if (at >= end && !fill()) {
      return -1;
    }
    byte b = buffer[at++];
    if (b == '\n') {
      line++;
    }
    return b & 0xff;
  }

  private boolean fill() {
    try {
      end = in.read(buffer, 0, buffer.length);
    } catch (IOException e) {
      throw failure(path, e);
    }
    at = 0;
    if (end < 0) {
      end = 0;
    }
    return end > 0;
  }

  /** The rest of the line without its end, or null at the end of the file. */
  String readLine() {
    if (peek() < 0) {
      return null;
    }
    var bytes = new java.io.ByteArrayOutputStream();
    for (int b = next(); b >= 0 && b != '\n'; b = next()) {
      bytes.write(b);
      if (bytes.size() > 1 << 28) {
        throw bad("the line is longer than 256 MiB; this is not a text table");
      }
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
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
    int lines = 0;
    while (p < end && buffer[p] <= ' ' && buffer[p] > 0) {
      lines += buffer[p] == '\n' ? 1 : 0;
      p++;
    }
    int start = p;
    int value = 0;
    while (p < end && p - start < 9 && buffer[p] >= '0' && buffer[p] <= '9') {
      value = value * 10 + (buffer[p] - '0');
      p++;
    }
    if (p == start || p >= end || buffer[p] > ' ' || buffer[p] < 0) {
      return -1;
    }
    at = p;
    line += lines;
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
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw bad("'" + text + "' is not a number");
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw failure(path, e);
    }
  }
}
