package org.cellweave.io.text;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import org.cellweave.util.FormatException;

/**
 * The rows of a text table. With a delimiter: quotation marks as in RFC 4180, so that a field may
 * hold delimiters and line breaks. Without one: fields between any blanks, where one that starts
 * with a quotation mark goes on to the next of its line. Lines end with LF, CR LF or CR; empty ones
 * are left out, those that start with {@code #} are comments.
 */
public abstract class TextRows implements AutoCloseable {
  private static final int LONGEST_FIELD = 1 << 24;

  /** The next row, the same object every time, or null behind the last. */
  public abstract TextRow next();

  @Override
  public abstract void close();

  /**
   * @param delimiter null for blanks
   */
  public static TextRows of(TextSource source, String delimiter) {
    var reader = new Utf8Reader(source);
    return delimiter == null
        ? new Blanks(source.name(), reader)
        : new Delimiters(source.name(), reader, delimiter);
  }

  /** The fields of one line, as a comment that turns out to be none. */
  public static TextRow split(String name, String line, String delimiter) {
    var row = new TextRow(name);
    if (delimiter == null) {
      Blanks.split(line.toCharArray(), line.length(), row);
      return row;
    }
    return delimiters(delimiter, CommentStrategy.NONE).ofSingleCsvRecord(new Handler(row), line);
  }

  /** What Python takes for a blank. */
  static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  private static CsvReader.CsvReaderBuilder delimiters(String delimiter, CommentStrategy comments) {
    return CsvReader.builder()
        .fieldSeparator(delimiter)
        .commentStrategy(comments)
        .allowExtraFields(true)
        .allowMissingFields(true)
        .maxBufferSize(LONGEST_FIELD)
        .detectBomHeader(false)
        .skipEmptyLines(true);
  }

  private static final class Handler extends AbstractBaseCsvCallbackHandler<TextRow> {
    private final TextRow row;

    Handler(TextRow row) {
      this.row = row;
    }

    @Override
    protected void handleBegin(long line) {
      row.begin(line);
    }

    @Override
    protected void handleField(int field, char[] from, int at, int length, boolean quoted) {
      row.add(from, at, length);
    }

    @Override
    protected void handleComment(char[] from, int at, int length) {
      row.comment(new String(from, at, length));
    }

    @Override
    protected TextRow buildRecord() {
      return row;
    }
  }

  private static final class Delimiters extends TextRows {
    private final String name;
    private final CsvReader<TextRow> reader;
    private final CloseableIterator<TextRow> rows;
    private final TextRow row;

    Delimiters(String name, Reader from, String delimiter) {
      this.name = name;
      row = new TextRow(name);
      reader = delimiters(delimiter, CommentStrategy.READ).build(new Handler(row), from);
      rows = reader.iterator();
    }

    @Override
    public TextRow next() {
      try {
        return rows.hasNext() ? rows.next() : null;
      } catch (CsvParseException e) {
        if (e.getCause() instanceof FormatException
            || e.getCause() instanceof CancellationException) {
          throw (RuntimeException) e.getCause();
        }
        throw new FormatException(
            name
                + ", line "
                + row.line()
                + ": the row cannot be taken apart"
                + reason(e)
                + "; is a quotation mark missing, or does a field hold more than "
                + LONGEST_FIELD
                + " characters?",
            e);
      }
    }

    private static String reason(Exception e) {
      Throwable cause = e.getCause();
      String text = cause == null ? e.getMessage() : cause.getMessage();
      return text == null ? "" : " (" + text + ")";
    }

    @Override
    public void close() {
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Blanks extends TextRows {
    private final String name;
    private final Reader from;
    private final char[] buffer = new char[1 << 14];
    private final TextRow row;
    private char[] line = new char[1 << 12];
    private int at;
    private int end;
    private long lines;
    private boolean afterReturn;

    Blanks(String name, Reader from) {
      this.name = name;
      this.from = from;
      row = new TextRow(name);
    }

    @Override
    public TextRow next() {
      for (int n = readLine(); n >= 0; n = readLine()) {
        row.begin(lines);
        if (n > 0 && line[0] == '#') {
          row.comment(new String(line, 1, n - 1));
          return row;
        }
        split(line, n, row);
        if (row.size() > 0) {
          return row;
        }
      }
      return null;
    }

    /** The length of the next line, or -1 behind the last. */
    private int readLine() {
      int n = 0;
      boolean any = false;
      for (int c = read(); c >= 0; c = read()) {
        boolean second = afterReturn && c == '\n';
        afterReturn = c == '\r';
        if (second) {
          continue;
        }
        if (c == '\n' || c == '\r') {
          lines++;
          return n;
        }
        any = true;
        if (n == line.length) {
          lengthen(n);
        }
        line[n++] = (char) c;
      }
      lines += any ? 1 : 0;
      return any ? n : -1;
    }

    private void lengthen(int n) {
      if (n >= 1 << 28) {
        throw new FormatException(
            name
                + ", line "
                + (lines + 1)
                + ": the line is longer than 2^28 characters; this is no table");
      }
      line = Arrays.copyOf(line, 2 * n);
    }

    private int read() {
      try {
        if (at == end) {
          end = Math.max(0, from.read(buffer, 0, buffer.length));
          at = 0;
        }
        return end == 0 ? -1 : buffer[at++];
      } catch (IOException e) {
        throw TextSource.failure(name, e);
      }
    }

    static void split(char[] line, int n, TextRow into) {
      int i = 0;
      while (true) {
        while (i < n && isBlank(line[i])) {
          i++;
        }
        if (i >= n) {
          return;
        }
        int quote = line[i] == '"' ? closing(line, i + 1, n) : -1;
        if (quote > 0) {
          into.add(line, i + 1, QuotedField.unquote(line, i + 1, quote));
          i = quote + 1;
        } else {
          int start = i;
          while (i < n && !isBlank(line[i])) {
            i++;
          }
          into.add(line, start, i - start);
        }
      }
    }

    /**
     * The quotation mark that ends a field, which a blank or nothing follows; -1 for none. Two are
     * one within the field.
     */
    private static int closing(char[] line, int from, int n) {
      for (int i = from; i < n; i++) {
        if (line[i] == '"') {
          if (i + 1 == n || isBlank(line[i + 1])) {
            return i;
          }
          i += line[i + 1] == '"' ? 1 : 0;
        }
      }
      return -1;
    }

    @Override
    public void close() {
      try {
        from.close();
      } catch (IOException e) {
        throw TextSource.failure(name, e);
      }
    }
  }
}
