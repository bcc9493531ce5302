package org.cellweave.io.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.cellweave.data.BooleanColumn;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.io.file.HeapLimit;
import org.cellweave.io.text.NumberText;
import org.cellweave.io.text.TextRow;
import org.cellweave.io.text.TextRows;
import org.cellweave.io.text.TextSource;
import org.cellweave.util.Check;
import org.cellweave.util.FormatException;
import org.cellweave.util.MissingKeyException;

/**
 * Reads a delimited table with a type for every column, as pandas' read_csv does: whole numbers,
 * decimal numbers, {@code True} and {@code False}, otherwise text. Empty fields and {@code NA},
 * {@code NaN}, {@code null} and their like are missing.
 */
public final class TextTable {
  private static final Set<String> MISSING =
      Set.of(
          "", "NA", "NaN", "nan", "null", "NULL", "None", "N/A", "n/a", "<NA>", "#N/A", "-nan",
          "-NaN", "#NA");
  private static final int LONGEST_WHOLE = 18;

  private final Path path;
  private final Options options;
  private final List<String[]> rows = new ArrayList<>();
  private String[] header;

  private TextTable(Path path, Options options) {
    this.path = path;
    this.options = options;
  }

  /**
   * @param delimiter between fields, null for blanks
   * @param indexColumn number or name of the column that names the rows, or null
   * @param header whether the first row names the columns
   * @param lines which lines are read
   * @param names names of the columns instead of the file's, or null
   * @param texts which columns are text whatever they look like
   */
  public record Options(
      String delimiter,
      Object indexColumn,
      boolean header,
      Lines lines,
      List<String> names,
      Predicate<String> texts) {
    public Options(String delimiter, Object indexColumn, boolean header) {
      this(delimiter, indexColumn, header, Lines.ALL, null, name -> false);
    }
  }

  /**
   * Which lines of a file are read.
   *
   * @param skip how many are passed over at the start
   * @param most rows at most
   * @param comment what starts the part of a line that is passed over, or null
   */
  public record Lines(int skip, int most, String comment) {
    public static final Lines ALL = new Lines(0, Integer.MAX_VALUE, null);

    public Lines {
      Check.nonNegative(skip, "skiprows");
      Check.nonNegative(most, "nrows");
    }
  }

  /**
   * @throws FormatException names the line with too many fields
   */
  public static DataFrame read(Path path, Options options) {
    return HeapLimit.reading(path, () -> new TextTable(path, options).read());
  }

  private DataFrame read() {
    try (var in = TextSource.open(path, "a text table");
        var lines = TextRows.of(in, options.delimiter())) {
      for (TextRow row = lines.next(); row != null && wantsMore(); row = lines.next()) {
        if (row.line() <= options.lines().skip()) {
          continue;
        }
        TextRow fields =
            row.comment() == null
                ? row
                : TextRows.split(path.toString(), "#" + row.comment(), options.delimiter());
        String[] texts = fields.isBlank() ? new String[0] : withoutComment(fields.texts());
        if (texts.length > 0) {
          take(texts, row.line());
        }
      }
    }
    if (header == null) {
      throw new FormatException(path + " has no rows");
    }
    return table();
  }

  private boolean wantsMore() {
    return header == null || rows.size() < options.lines().most();
  }

  private String[] withoutComment(String[] fields) {
    String mark = options.lines().comment();
    for (int j = 0; mark != null && j < fields.length; j++) {
      int at = fields[j].indexOf(mark);
      if (at == 0) {
        return Arrays.copyOf(fields, j);
      }
      if (at > 0) {
        String[] out = Arrays.copyOf(fields, j + 1);
        out[j] = fields[j].substring(0, at);
        return out;
      }
    }
    return fields;
  }

  /** As many names as columns, or fewer, which name the last ones as in pandas. */
  private String[] named(String[] own) {
    if (options.names() == null) {
      return own;
    }
    String[] given = options.names().toArray(new String[0]);
    if (given.length > own.length) {
      throw new IllegalArgumentException(
          "names has "
              + given.length
              + " entries, but "
              + path
              + " has "
              + own.length
              + " columns");
    }
    return given;
  }

  private void take(String[] fields, long line) {
    if (header == null) {
      header = named(options.header() ? fields : numbers(fields.length));
      if (options.header()) {
        return;
      }
    }
    // A header without a name for the names of the rows is one field shorter.
    int most = rows.isEmpty() ? header.length + 1 : Math.max(header.length, rows.get(0).length);
    if (fields.length > most) {
      throw new FormatException(
          path
              + ", line "
              + line
              + ": "
              + fields.length
              + " fields, where "
              + most
              + " were expected");
    }
    rows.add(fields);
  }

  private static String[] numbers(int n) {
    String[] out = new String[n];
    Arrays.setAll(out, Integer::toString);
    return out;
  }

  private DataFrame table() {
    boolean unnamed = !rows.isEmpty() && rows.get(0).length == header.length + 1;
    int width = header.length + (unnamed ? 1 : 0);
    String[] names = new String[width];
    Arrays.setAll(names, j -> unnamed ? (j == 0 ? "" : header[j - 1]) : header[j]);
    int at = unnamed ? 0 : indexAt(names);
    Map<String, Column> columns = new LinkedHashMap<>();
    Column index = null;
    for (int j = 0; j < width; j++) {
      Column column = options.texts().test(names[j]) ? texts(j) : column(j);
      if (j == at) {
        index = column;
      } else {
        columns.put(
            unique(names[j].isEmpty() ? "Unnamed: " + j : names[j], columns.keySet()), column);
      }
    }
    boolean named = at >= 0 && !names[at].isEmpty();
    var out =
        new DataFrame(
            "table", index == null ? numbered(rows.size()) : index, named ? names[at] : null);
    columns.forEach(out::set);
    return out;
  }

  /** Repeated names get a number, as in pandas. */
  private static String unique(String name, Set<String> taken) {
    String out = name;
    for (int k = 1; taken.contains(out); k++) {
      out = name + "." + k;
    }
    return out;
  }

  private static Column numbered(int n) {
    long[] out = new long[n];
    Arrays.setAll(out, i -> i);
    return NumericColumn.of(out);
  }

  private int indexAt(String[] names) {
    Object index = options.indexColumn();
    if (index == null) {
      return -1;
    }
    if (index instanceof Number n) {
      return Check.index(n.intValue(), names.length, "indexCol");
    }
    int at = Arrays.asList(names).indexOf(index.toString());
    if (at < 0) {
      throw new MissingKeyException("indexCol: " + path, index.toString(), List.of(names), "");
    }
    return at;
  }

  private String field(int i, int j) {
    String[] row = rows.get(i);
    return j < row.length ? row[j] : "";
  }

  private Column column(int j) {
    int n = rows.size();
    boolean holes = false;
    boolean numbers = true;
    boolean whole = true;
    boolean booleans = true;
    var number = new NumberText();
    for (int i = 0; i < n; i++) {
      String text = field(i, j);
      if (MISSING.contains(text)) {
        holes = true;
        continue;
      }
      booleans = booleans && (text.equals("True") || text.equals("False"));
      numbers = numbers && number.read(text.toCharArray(), 0, text.length());
      whole = whole && numbers && isWhole(text);
    }
    if (numbers && (whole || n > 0)) {
      return numbers(j, whole && !holes && n > 0);
    }
    if (booleans && !holes) {
      boolean[] out = new boolean[n];
      for (int i = 0; i < n; i++) {
        out[i] = field(i, j).equals("True");
      }
      return BooleanColumn.of(out);
    }
    return texts(j);
  }

  private Column texts(int j) {
    String[] out = new String[rows.size()];
    Arrays.setAll(out, i -> MISSING.contains(field(i, j)) ? null : field(i, j));
    return StringColumn.of(out);
  }

  private Column numbers(int j, boolean whole) {
    int n = rows.size();
    if (whole) {
      long[] out = new long[n];
      Arrays.setAll(out, i -> Long.parseLong(field(i, j).strip()));
      return NumericColumn.of(out);
    }
    double[] out = new double[n];
    var number = new NumberText();
    for (int i = 0; i < n; i++) {
      String text = field(i, j);
      boolean there = !MISSING.contains(text) && number.read(text.toCharArray(), 0, text.length());
      out[i] = there ? number.value() : Double.NaN;
    }
    return NumericColumn.of(out);
  }

  private static boolean isWhole(String text) {
    String digits = text.strip();
    int from = digits.startsWith("-") || digits.startsWith("+") ? 1 : 0;
    return digits.length() > from
        && digits.length() - from <= LONGEST_WHOLE
        && digits.chars().skip(from).allMatch(c -> c >= '0' && c <= '9');
  }
}
