package org.cellweave.io.format;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.cellweave.data.AnnData;
import org.cellweave.data.DataFrame;
import org.cellweave.io.file.HeapLimit;
import org.cellweave.io.file.InputFile;
import org.cellweave.io.text.NumberText;
import org.cellweave.io.text.TextSource;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;
import org.cellweave.util.Quoted;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;

/**
 * Reads a dense float32 matrix from a sheet of an {@code .xlsx} file, as scanpy's read_excel does:
 * names of the columns in the first row, names of the cells in the first column.
 *
 * <p>Empty cells are NaN; rows without any cell are left out. Of formulas the stored result is
 * read. The older {@code .xls} is refused.
 */
public final class Excel {
  private final Path path;
  private final String sheet;

  private Excel(Path path, String sheet) {
    this.path = path;
    this.sheet = sheet;
  }

  /**
   * @param sheet its name
   * @throws FormatException names the sheets that are there, or the cell that is no number
   */
  public static AnnData read(Path path, String sheet) {
    return with(
        path,
        book -> {
          var names = book.getSheets().map(Sheet::getName).toList();
          var found =
              book.findSheet(sheet)
                  .orElseThrow(
                      () ->
                          new FormatException(
                              path
                                  + " has no sheet "
                                  + Quoted.of(sheet)
                                  + ", only "
                                  + names
                                  + "."
                                  + Check.suggestion(sheet, names)));
          return new Excel(path, sheet).table(found);
        });
  }

  /**
   * @param sheet its number, from 0
   * @throws FormatException when there are fewer sheets, or names the cell that is no number
   */
  public static AnnData read(Path path, int sheet) {
    return with(
        path,
        book -> {
          var sheets = book.getSheets().toList();
          if (sheet < 0 || sheet >= sheets.size()) {
            throw new FormatException(
                path + " has " + sheets.size() + " sheets, counted from 0, but not " + sheet);
          }
          return new Excel(path, sheets.get(sheet).getName()).table(sheets.get(sheet));
        });
  }

  private interface Reader {
    AnnData of(ReadableWorkbook book) throws IOException;
  }

  private static AnnData with(Path path, Reader reader) {
    InputFile.require(path, "an .xlsx file");
    return HeapLimit.reading(path, () -> opened(path, reader));
  }

  private static AnnData opened(Path path, Reader reader) {
    try {
      ExcelLimits.check(path);
      try (var book = new ReadableWorkbook(path.toFile())) {
        return reader.of(book);
      }
    } catch (FormatException | CancellationException e) {
      throw e;
    } catch (ClosedByInterruptException e) {
      throw TextSource.failure(path.toString(), e);
    } catch (IOException | RuntimeException | NoClassDefFoundError e) {
      // on a damaged file the library and its XML parser throw many kinds, or miss a decompressor
      throw damaged(path, e);
    }
  }

  private static FormatException damaged(Path path, Throwable e) {
    return new FormatException(
        path
            + " cannot be read as an .xlsx file ("
            + Quoted.shortened(String.valueOf(e.getMessage()))
            + "); save an .xls file as .xlsx, and fetch a damaged one again",
        e);
  }

  private AnnData table(Sheet from) throws IOException {
    var names = new ArrayList<String>();
    var cells = new ArrayList<String>();
    var rows = new ArrayList<float[]>();
    try (Stream<Row> stream = from.openStream()) {
      for (Row row : (Iterable<Row>) stream::iterator) {
        Parallel.checkInterrupted();
        if (row.stream().allMatch(Excel::isEmpty)) {
          continue;
        }
        if (names.isEmpty()) {
          header(row, names);
        } else {
          cells.add(text(row, 0));
          rows.add(numbers(row, names.size()));
        }
      }
    }
    if (names.isEmpty()) {
      throw new FormatException(where() + " holds no table; its first row must name the columns");
    }
    float[] x = new float[Math.multiplyExact(rows.size(), names.size())];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, x, i * names.size(), names.size());
    }
    return new AnnData(
        DenseMatrix.wrap(x, rows.size(), names.size()),
        DataFrame.ofNames(cells.toArray(new String[0])),
        DataFrame.ofNames(names.toArray(new String[0])));
  }

  private void header(Row row, List<String> names) {
    int last = row.getCellCount();
    while (last > 0 && isEmpty(row.getOptionalCell(last - 1).orElse(null))) {
      last--;
    }
    for (int j = 1; j < last; j++) {
      String name = text(row, j);
      if (name.isEmpty()) {
        throw new FormatException(
            where() + ": column " + (j + 1) + " has no name in row " + row.getRowNum());
      }
      names.add(name);
    }
    if (names.isEmpty()) {
      throw new FormatException(
          where() + " must name its columns in row " + row.getRowNum() + ", from the second on");
    }
  }

  private float[] numbers(Row row, int n) {
    float[] out = new float[n];
    java.util.Arrays.fill(out, Float.NaN);
    for (Cell cell : row) {
      if (isEmpty(cell) || cell.getColumnIndex() == 0) {
        continue;
      }
      if (cell.getColumnIndex() > n) {
        throw bad(cell, "lies under no column's name");
      }
      out[cell.getColumnIndex() - 1] = number(cell);
    }
    return out;
  }

  private float number(Cell cell) {
    String text = cell.getType() == CellType.STRING ? cell.getText() : cell.getRawValue();
    var number = new NumberText();
    if (text == null || !number.read(text.toCharArray(), 0, text.length())) {
      throw bad(cell, "is not a number, got " + Quoted.of(cell.getText()));
    }
    if (number.overflowsFloat()) {
      throw bad(cell, "is too large for float32, got " + Quoted.of(text));
    }
    return (float) number.value();
  }

  private FormatException bad(Cell cell, String problem) {
    return new FormatException(where() + ": cell " + cell.getAddress() + " " + problem);
  }

  private static String text(Row row, int j) {
    return row.getOptionalCell(j).map(c -> c == null ? "" : c.getText().strip()).orElse("");
  }

  private static boolean isEmpty(Cell cell) {
    return cell == null || cell.getType() == CellType.EMPTY || cell.getText().isBlank();
  }

  private String where() {
    return path + ", sheet '" + sheet + "'";
  }
}
