package org.cellweave.io;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.data.AnnData;
import org.cellweave.data.DataFrame;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.FormatException;

/**
 * Reads a dense matrix from delimited text, gzip-compressed or not, as scanpy's read_csv and
 * read_text do: float32, cells as rows.
 *
 * <p>Lines that start with {@code #} are comments. A first line that is not all numbers holds the
 * names of the columns; without one they are taken from the last comment if it fits, else numbered.
 */
public final class Delimited {
  private final TextBytes in;
  private final Options options;
  private String[] columnNames;
  private String lastComment;
  private final List<String> rowNames = new ArrayList<>();
  private final List<float[]> rows = new ArrayList<>();
  private boolean named;

  private Delimited(TextBytes in, Options options) {
    this.in = in;
    this.options = options;
  }

  /**
   * @param delimiter between fields; null for any run of blanks
   * @param firstColumnNames whether the first column holds row names; null to look at the first row
   */
  public record Options(String delimiter, Boolean firstColumnNames) {
    public static final Options CSV = new Options(",", null);
    public static final Options TSV = new Options("\t", null);
    public static final Options BLANKS = new Options(null, null);

    public Options withFirstColumnNames(Boolean value) {
      return new Options(delimiter, value);
    }
  }

  /**
   * @throws FormatException names the line that does not fit
   */
  public static AnnData read(Path path, Options options) {
    try (TextBytes in = TextBytes.open(path, "a table of numbers")) {
      var reader = new Delimited(in, options);
      reader.readLines();
      return reader.build();
    }
  }

  private void readLines() {
    boolean first = true;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("#")) {
        lastComment = line.substring(1).trim();
      } else if (!line.isBlank()) {
        String[] fields = split(line);
        if (first
            && !Arrays.stream(fields).allMatch(Delimited::isNumber)
            && !looksLikeRow(fields)) {
          columnNames = fields;
        } else {
          addRow(fields);
        }
        first = false;
      }
    }
  }

  /** A first line whose fields are numbers but for the row's name is data already. */
  private boolean looksLikeRow(String[] fields) {
    return fields.length > 1
        && !Boolean.FALSE.equals(options.firstColumnNames())
        && !fields[0].isEmpty()
        && Arrays.stream(fields, 1, fields.length).allMatch(Delimited::isNumber);
  }

  private String[] split(String line) {
    String[] fields =
        options.delimiter() == null
            ? line.trim().split("\\s+")
            : line.split(java.util.regex.Pattern.quote(options.delimiter()), -1);
    for (int f = 0; f < fields.length; f++) {
      String s = fields[f].trim();
      boolean quoted = s.length() > 1 && s.startsWith("\"") && s.endsWith("\"");
      fields[f] = quoted ? s.substring(1, s.length() - 1) : s;
    }
    return fields;
  }

  private static boolean isNumber(String field) {
    if (field.isEmpty() || Character.isLetter(field.charAt(field.length() - 1))) {
      return field.equalsIgnoreCase("nan") || field.equalsIgnoreCase("inf");
    }
    try {
      Double.parseDouble(field);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void addRow(String[] fields) {
    if (rows.isEmpty()) {
      named =
          options.firstColumnNames() != null ? options.firstColumnNames() : !isNumber(fields[0]);
    }
    int skip = named ? 1 : 0;
    float[] row = new float[fields.length - skip];
    if (!rows.isEmpty() && row.length != rows.get(0).length) {
      throw in.bad(
          "has "
              + row.length
              + " values, expected "
              + rows.get(0).length
              + " as in the first row (delimiter "
              + describe(options.delimiter())
              + ")");
    }
    for (int j = 0; j < row.length; j++) {
      String field = fields[j + skip];
      if (!isNumber(field)) {
        throw in.bad(
            "'"
                + field
                + "' in column "
                + (j + skip + 1)
                + " is not a number (delimiter "
                + describe(options.delimiter())
                + ")");
      }
      row[j] =
          field.equalsIgnoreCase("nan")
              ? Float.NaN
              : field.equalsIgnoreCase("inf") ? Float.POSITIVE_INFINITY : Float.parseFloat(field);
    }
    rowNames.add(named ? fields[0] : Integer.toString(rows.size()));
    rows.add(row);
  }

  private static String describe(String delimiter) {
    return delimiter == null ? "blanks" : delimiter.equals("\t") ? "tab" : "'" + delimiter + "'";
  }

  private AnnData build() {
    if (rows.isEmpty()) {
      throw new FormatException(in.path() + " holds no row of numbers");
    }
    int nCols = rows.get(0).length;
    DenseMatrix x = DenseMatrix.zeros(rows.size(), nCols, org.cellweave.matrix.DType.FLOAT32);
    for (int i = 0; i < rows.size(); i++) {
      double[] wide = new double[nCols];
      for (int j = 0; j < nCols; j++) {
        wide[j] = rows.get(i)[j];
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
          in.path()
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
