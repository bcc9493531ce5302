package org.cellweave.io.format;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategy;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.cellweave.data.AnnData;
import org.cellweave.data.AxisSlots;
import org.cellweave.data.BooleanColumn;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NdArray;
import org.cellweave.data.NumericColumn;
import org.cellweave.io.file.FileMessages;
import org.cellweave.io.file.ReplacedFile;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.PythonNumber;
import org.cellweave.util.Quoted;

/**
 * Writes an object as a folder of text tables, as anndata's write_csvs does: {@code obs.csv} and
 * {@code var.csv} with names and a header, {@code obsm.csv} and {@code varm.csv} with a header,
 * {@code X.csv} if wanted, and a file per entry of uns below {@code uns/}. Numbers are spelled as
 * Python spells them.
 *
 * <p>Entries of uns that are no number, text, array or table, such as maps and sparse matrices, are
 * left out with a warning. Every file is replaced as {@link ReplacedFile} says.
 */
public final class CsvFolder {
  /** Names may start with any character, none of which marks a comment. */
  private static final char NO_COMMENTS = '\uffff';

  private final char separator;
  private final Consumer<String> warnings;

  private CsvFolder(char separator, Consumer<String> warnings) {
    this.separator = separator;
    this.warnings = warnings;
  }

  /**
   * @param folder made if it is not there; an ending {@code .csv} is dropped
   * @param skipData whether X is left out
   * @param separator between fields, one character
   * @param warnings told what is left out
   * @throws IllegalArgumentException for a separator that no reader could take apart again
   */
  public static void write(
      AnnData adata, Path folder, boolean skipData, String separator, Consumer<String> warnings) {
    new CsvFolder(checked(separator), warnings).write(adata, plain(folder), skipData);
  }

  /**
   * Writes one table as text, as pandas' to_csv does.
   *
   * @param separator between fields, one character
   * @param names whether the first field of every row is its name
   * @param header whether the names of the columns come first
   */
  public static void writeTable(
      DataFrame table, Path file, String separator, boolean names, boolean header) {
    new CsvFolder(checked(separator), text -> {}).table(file, table, names, header);
  }

  private static char checked(String separator) {
    if (separator.length() != 1 || "\"\r\n".contains(separator)) {
      throw new IllegalArgumentException(
          "sep must be one character, no quotation mark or line break, got "
              + Quoted.of(separator));
    }
    return separator.charAt(0);
  }

  private static Path plain(Path folder) {
    String name = String.valueOf(folder.getFileName());
    return name.endsWith(".csv") && name.length() > 4
        ? folder.resolveSibling(name.substring(0, name.length() - 4))
        : folder;
  }

  private void write(AnnData adata, Path folder, boolean skipData) {
    Path uns = folder.resolve("uns");
    try {
      Files.createDirectories(uns);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "writing " + FileMessages.shown(folder) + " failed: " + FileMessages.whyNotWritten(e), e);
    }
    table(folder.resolve("obs.csv"), adata.getObs(), true, true);
    table(folder.resolve("var.csv"), adata.getVar(), true, true);
    slots(folder.resolve("obsm.csv"), adata.getObsm(), adata.getNObs());
    slots(folder.resolve("varm.csv"), adata.getVarm(), adata.getNVars());
    if (!skipData && adata.getX() != null) {
      Matrix x = adata.getX();
      lines(folder.resolve("X.csv"), null, x.nRows(), i -> row(x, i));
    }
    for (Map.Entry<String, Object> entry : adata.getUns().entrySet()) {
      entry(uns, entry.getKey(), entry.getValue());
    }
  }

  private void entry(Path folder, String key, Object value) {
    if (key.contains("/") || key.startsWith(".")) {
      warnings.accept("uns[" + Quoted.of(key) + "] is left out: it cannot name a file");
      return;
    }
    Path file = folder.resolve(key + ".csv");
    if (value instanceof DataFrame table) {
      table(file, table, false, false);
    } else if (value instanceof NdArray array && array.nDims() <= 2) {
      array(file, array);
    } else if (value instanceof Matrix matrix && !matrix.isSparse()) {
      lines(file, null, matrix.nRows(), i -> row(matrix, i));
    } else if (value instanceof List<?> list && list.stream().allMatch(CsvFolder::isScalar)) {
      lines(file, null, list.size(), i -> List.of(scalar(list.get(i))));
    } else if (isScalar(value)) {
      lines(file, null, 1, i -> List.of(scalar(value)));
    } else {
      warnings.accept(
          "uns[" + Quoted.of(key) + "] is left out: text tables cannot hold a value of its kind");
    }
  }

  private static boolean isScalar(Object value) {
    return value instanceof Number || value instanceof Boolean || value instanceof String;
  }

  private static String scalar(Object value) {
    if (value instanceof Boolean b) {
      return b ? "True" : "False";
    }
    if (value instanceof Float f) {
      return missing(PythonNumber.of(f));
    }
    return value instanceof Double d ? missing(PythonNumber.of(d)) : String.valueOf(value);
  }

  /** pandas leaves a missing number out. */
  private static String missing(String number) {
    return number.equals("nan") ? "" : number;
  }

  private static String number(DType type, double value) {
    return switch (type) {
      case FLOAT16, FLOAT32 -> missing(PythonNumber.of((float) value));
      case FLOAT64 -> missing(PythonNumber.of(value));
      case BOOL -> value != 0 ? "True" : "False";
      default -> Long.toString((long) value);
    };
  }

  private static List<String> row(Matrix matrix, int i) {
    List<String> out = new ArrayList<>(matrix.nCols());
    for (int j = 0; j < matrix.nCols(); j++) {
      out.add(number(matrix.dtype(), matrix.get(i, j)));
    }
    return out;
  }

  private static String cell(Column column, int i) {
    if (column.isMissing(i)) {
      return "";
    }
    if (column instanceof BooleanColumn b) {
      return b.text(i).equalsIgnoreCase("true") ? "True" : "False";
    }
    if (column instanceof NumericColumn n && !n.isInteger()) {
      return number(n.dtype(), n.get(i));
    }
    return column.text(i);
  }

  private void table(Path file, DataFrame table, boolean names, boolean header) {
    List<String> keys = List.copyOf(table.getKeys());
    List<Column> columns = new ArrayList<>();
    List<String> head = new ArrayList<>();
    if (names) {
      columns.add(table.getIndex());
      head.add(table.getIndexName() == null ? "" : table.getIndexName());
    }
    keys.forEach(key -> columns.add(table.get(key)));
    head.addAll(keys);
    lines(
        file,
        header ? head : null,
        table.nRows(),
        i -> columns.stream().map(c -> cell(c, i)).toList());
  }

  private void slots(Path file, AxisSlots<AxisArray> slots, int n) {
    List<String> head = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    List<Matrix> matrices = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (String key : slots.getKeys()) {
      AxisArray value = slots.get(key);
      int width = value instanceof DataFrame t ? t.getKeys().size() : 0;
      width = value instanceof Matrix m ? m.nCols() : width;
      for (int j = 0; j < width; j++) {
        head.add(key + (j + 1));
        boolean table = value instanceof DataFrame;
        columns.add(
            table
                ? ((DataFrame) value).get(List.copyOf(((DataFrame) value).getKeys()).get(j))
                : null);
        matrices.add(table ? null : (Matrix) value);
        places.add(j);
      }
    }
    lines(
        file,
        head,
        n,
        i -> {
          List<String> out = new ArrayList<>(head.size());
          for (int c = 0; c < head.size(); c++) {
            Matrix m = matrices.get(c);
            out.add(
                m == null ? cell(columns.get(c), i) : number(m.dtype(), m.get(i, places.get(c))));
          }
          return out;
        });
  }

  private void array(Path file, NdArray array) {
    int[] shape = array.shape();
    int rows = shape.length == 0 ? 1 : shape[0];
    int width = shape.length == 2 ? shape[1] : 1;
    String[] texts = array.isText() ? array.texts() : null;
    lines(
        file,
        null,
        rows,
        i -> {
          List<String> out = new ArrayList<>(width);
          for (int j = 0; j < width; j++) {
            int at = i * width + j;
            out.add(texts == null ? number(array.dtype(), array.number(at)) : texts[at]);
          }
          return out;
        });
  }

  @FunctionalInterface
  private interface Rows {
    List<String> of(int i);
  }

  private void lines(Path file, List<String> header, int n, Rows rows) {
    ReplacedFile.write(
        file,
        out -> {
          var lone = new LoneFields();
          CsvWriter writer = writer(new OutputStreamWriter(out, StandardCharsets.UTF_8), lone);
          if (header != null) {
            record(writer, lone, header);
          }
          for (int i = 0; i < n; i++) {
            Parallel.checkInterrupted();
            record(writer, lone, rows.of(i));
          }
          writer.flush();
        });
  }

  private CsvWriter writer(Writer out, QuoteStrategy quotes) {
    return CsvWriter.builder()
        .fieldSeparator(separator)
        .commentCharacter(NO_COMMENTS)
        .quoteStrategy(quotes)
        .lineDelimiter(LineDelimiter.LF)
        .build(out);
  }

  private static void record(CsvWriter writer, LoneFields lone, List<String> fields)
      throws IOException {
    lone.alone = fields.size() == 1;
    try {
      writer.writeRecord(fields);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** An empty field alone on its line is quoted, or the line would be empty. */
  private static final class LoneFields implements QuoteStrategy {
    private boolean alone;

    @Override
    public boolean quoteEmpty(int line, int field) {
      return alone;
    }
  }
}
