package org.cellweave.io.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.data.AnnData;
import org.cellweave.data.DataFrame;
import org.cellweave.io.file.HeapLimit;
import org.cellweave.io.text.NumberText;
import org.cellweave.io.text.TextRow;
import org.cellweave.io.text.TextRows;
import org.cellweave.io.text.TextSource;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;
import org.cellweave.util.Quoted;

/**
 * Reads a dense matrix from delimited text, compressed or not (see {@link TextSource}), as scanpy's
 * read_csv and read_text do: float32, cells as rows.
 *
 * <p>Lines that start with {@code #} before the first row are comments, later ones too unless they
 * have the fields of a row. A first row that is not all numbers holds the names of the columns, as
 * does one that is a field shorter than the next; without one they are taken from the last comment
 * if it fits, else numbered. Values are rounded to float64 and then to float32; one that is too
 * large for float32 is refused.
 */
public final class Delimited {
  private static final String[] DELIMITERS = {";", "\t", ",", "|"};

  private final String file;
  private final Options options;
  private final boolean sureOfDelimiter;
  private final NumberText number = new NumberText();
  private String[] columnNames;
  private boolean numericNames;
  private String lastComment;
  private final List<String> rowNames = new ArrayList<>();
  private final List<float[]> rows = new ArrayList<>();
  private boolean first = true;
  private boolean named;
  private int nFields;

  private Delimited(String file, Options options, boolean sureOfDelimiter) {
    this.file = file;
    this.options = options;
    this.sureOfDelimiter = sureOfDelimiter;
  }

  /**
   * @param delimiter between fields; null for any run of blanks
   * @param firstColumnNames whether the first column holds row names; null to look at the first row
   */
  public record Options(String delimiter, Boolean firstColumnNames) {
    public static final Options CSV = new Options(",", null);
    public static final Options TSV = new Options("\t", null);
    public static final Options BLANKS = new Options(null, null);

    public Options {
      boolean bad =
          delimiter != null && (delimiter.isEmpty() || delimiter.matches("(?s).*[\\r\\n\"#].*"));
      if (bad) {
        throw new IllegalArgumentException(
            "delimiter must be text without a line break, \" or #, or null for blanks, got "
                + Quoted.of(delimiter));
      }
    }

    public Options withFirstColumnNames(Boolean value) {
      return new Options(delimiter, value);
    }
  }

  /**
   * @throws FormatException names the line that does not fit
   */
  public static AnnData read(Path path, Options options) {
    return read(path, options, false);
  }

  private static AnnData read(Path path, Options options, boolean sureOfDelimiter) {
    return HeapLimit.reading(
        path,
        () -> {
          var reader = new Delimited(path.toString(), options, sureOfDelimiter);
          try (var in = TextSource.open(path, "a table of numbers");
              var lines = TextRows.of(in, options.delimiter())) {
            for (TextRow row = lines.next(); row != null; row = lines.next()) {
              reader.take(row);
            }
          }
          return reader.build();
        });
  }

  /**
   * Reads a table whose name says tabs: between blanks when it has none, as scanpy does, and as a
   * single column, whose name may hold blanks, when its rows have none either.
   */
  public static AnnData readTabs(Path path, Boolean firstColumnNames) {
    int seen = 0;
    boolean tabs = false;
    boolean single = false;
    try (var in = TextSource.open(path, "a table of numbers");
        var lines = TextRows.of(in, "\t")) {
      for (TextRow row = lines.next(); row != null && seen < 2; row = lines.next()) {
        if (row.comment() == null && !row.isBlank()) {
          seen++;
          tabs |= row.size() > 1;
          single = seen == 2 && row.read(0, new NumberText());
        }
      }
    }
    Options options = tabs || single ? Options.TSV : Options.BLANKS;
    return read(path, options.withFirstColumnNames(firstColumnNames), tabs || single);
  }

  private void take(TextRow row) {
    if (row.comment() != null) {
      takeComment(row);
    } else if (!row.isBlank()) {
      if (first) {
        takeFirst(row);
      } else {
        takeRow(row);
      }
      first = false;
    }
  }

  private void takeComment(TextRow row) {
    if (first) {
      if (!row.comment().isBlank()) {
        lastComment = row.comment().replaceFirst("^[# ]+", "").strip();
      }
      return;
    }
    TextRow fields = TextRows.split(file, "#" + row.comment(), options.delimiter());
    if (fields.size() > 1 && fits(fields)) {
      takeRow(row.line(), fields);
    }
  }

  /** Whether a row is as long as those before it, or as names of columns alone let it be. */
  private boolean fits(TextRow row) {
    if (!rows.isEmpty()) {
      return row.size() == nFields;
    }
    int more = row.size() - columnNames.length;
    return (more == 0 || more == 1) && areNumbers(row, 1);
  }

  private void takeFirst(TextRow row) {
    if (row.size() == 1 && !sureOfDelimiter) {
      checkDelimiter(row);
    }
    boolean numbers = areNumbers(row, 0);
    boolean data = numbers || looksLikeRow(row);
    if (data) {
      takeRow(row);
    }
    if (!data || numbers) {
      columnNames = row.texts();
      numericNames = numbers;
    }
  }

  private void checkDelimiter(TextRow row) {
    String text = row.text(0);
    String other =
        Arrays.stream(DELIMITERS)
            .filter(d -> !d.equals(options.delimiter()) && text.contains(d))
            .findFirst()
            .orElse(null);
    if (options.delimiter() == null && other == null) {
      return;
    }
    throw new FormatException(
        file
            + ", line "
            + row.line()
            + ": there is no "
            + describe(options.delimiter())
            + " in "
            + Quoted.of(text)
            + (other == null
                ? "; if the file has one column only, or blanks between its columns, read it with"
                    + " delimiter = null"
                : "; it has " + describe(other) + ", so read it with delimiter = " + code(other)));
  }

  private static String code(String delimiter) {
    return delimiter.equals("\t") ? "\"\\t\"" : "\"" + delimiter + "\"";
  }

  private static String describe(String delimiter) {
    return delimiter == null ? "blank" : delimiter.equals("\t") ? "tab" : "'" + delimiter + "'";
  }

  /**
   * A first line whose fields are numbers but for the row's name is data already. So is one with a
   * few that are none: as names they would be lost in silence, as values they are refused by name.
   */
  private boolean looksLikeRow(TextRow row) {
    return row.size() > 1
        && !Boolean.FALSE.equals(options.firstColumnNames())
        && !row.isEmpty(0)
        && row.read(row.size() - 1, number)
        && 2 * countNumbers(row, 1) > row.size() - 1;
  }

  private int countNumbers(TextRow row, int from) {
    int count = 0;
    for (int f = from; f < row.size(); f++) {
      count += row.read(f, number) ? 1 : 0;
    }
    return count;
  }

  private boolean areNumbers(TextRow row, int from) {
    return countNumbers(row, from) == row.size() - from;
  }

  private void takeRow(TextRow row) {
    takeRow(row.line(), row);
  }

  private void takeRow(long line, TextRow row) {
    if (rows.isEmpty()) {
      startRows(row);
    } else if (rows.size() == 1 && numericNames && row.size() == nFields + 1 && !named) {
      // the first row turns out to name the columns, all of them with numbers
      rows.clear();
      rowNames.clear();
      named = true;
      nFields = row.size();
      numericNames = false;
    } else if (rows.size() == 1 && numericNames) {
      columnNames = null;
      numericNames = false;
    }
    if (row.size() != nFields) {
      throw wrongLength(line, row);
    }
    int skip = named ? 1 : 0;
    float[] values = new float[nFields - skip];
    for (int j = 0; j < values.length; j++) {
      values[j] = value(line, row, j + skip);
    }
    rowNames.add(named ? row.text(0) : Integer.toString(rows.size()));
    rows.add(values);
    if ((rows.size() & 0xff) == 0) {
      Parallel.checkInterrupted();
    }
  }

  private void startRows(TextRow row) {
    named =
        options.firstColumnNames() != null
            ? options.firstColumnNames()
            : row.size() > 1 && !row.read(0, number);
    nFields = row.size();
  }

  private FormatException wrongLength(long line, TextRow row) {
    int skip = named ? 1 : 0;
    boolean broken = row.size() > 0 && row.text(row.size() - 1).indexOf('\n') >= 0;
    return bad(
        line,
        "the row has "
            + (row.size() - skip)
            + " values, expected "
            + (nFields - skip)
            + " as in the first row (delimiter "
            + describe(options.delimiter())
            + ")"
            + (broken ? "; its last one goes on over several lines, is a \" missing?" : ""));
  }

  private float value(long line, TextRow row, int field) {
    if (!row.read(field, number)) {
      throw notANumber(line, row.text(field), field);
    }
    if (number.overflowsFloat()) {
      throw bad(
          line,
          Quoted.of(row.text(field))
              + " in column "
              + (field + 1)
              + " is too large for float32, whose largest number is 3.4e38");
    }
    return (float) number.value();
  }

  private FormatException notANumber(long line, String text, int field) {
    String hint = "; for a missing value write nan";
    if (text.matches("\\s*[+-]?\\d+,\\d+\\s*")) {
      hint = "; write numbers with a decimal point, not with a comma";
    } else if (!text.isBlank()) {
      hint = " (delimiter " + describe(options.delimiter()) + ")";
    }
    return bad(line, Quoted.of(text) + " in column " + (field + 1) + " is not a number" + hint);
  }

  private FormatException bad(long line, String problem) {
    return new FormatException(file + ", line " + line + ": " + problem);
  }

  private AnnData build() {
    if (rows.isEmpty()) {
      throw new FormatException(file + " holds no row of numbers");
    }
    if (numericNames) {
      columnNames = null; // the only row
    }
    int nCols = rows.get(0).length;
    HeapLimit.names(file, rows.size(), nCols);
    DenseMatrix x = DenseMatrix.zeros(rows.size(), nCols, DType.FLOAT32);
    double[] wide = new double[nCols];
    for (int i = 0; i < rows.size(); i++) {
      float[] row = rows.set(i, null);
      for (int j = 0; j < nCols; j++) {
        wide[j] = row[j];
      }
      x.setRow(i, wide);
    }
    return new AnnData(
        x,
        DataFrame.ofNames(rowNames.toArray(new String[0])),
        DataFrame.ofNames(columnNames(nCols)));
  }

  private String[] columnNames(int nCols) {
    String[] names = columnNames;
    if (names == null && lastComment != null) {
      names = lastComment.split("\\s+");
    }
    if (names != null && names.length == nCols + 1) {
      names = Arrays.copyOfRange(names, 1, names.length);
    }
    if (names != null && names.length == nCols) {
      return names;
    }
    if (columnNames != null) {
      throw new FormatException(
          file
              + " names "
              + columnNames.length
              + " columns, but its rows hold "
              + nCols
              + " values");
    }
    String[] numbered = new String[nCols];
    for (int j = 0; j < nCols; j++) {
      numbered[j] = Integer.toString(j);
    }
    return numbered;
  }
}
