package org.cellweave.data;

import java.util.ArrayList;
import java.util.List;

/** Lays a {@link DataFrame} out as text: first and last rows, aligned, with its size below. */
final class TableText {
  private static final int HEAD = 5;
  private static final int MAX_ROWS = 12;
  private static final int MAX_WIDTH = 110;
  private static final int MAX_CELL = 24;

  private TableText() {}

  static String of(DataFrame table) {
    return of(table, MAX_ROWS, MAX_WIDTH, MAX_CELL);
  }

  /** Every row and column, cells as long as they are. */
  static String whole(DataFrame table) {
    return of(table, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  private static String of(DataFrame table, int maxRows, int maxWidth, int maxCell) {
    int n = table.nRows();
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      if (n <= maxRows || i < HEAD || i >= n - HEAD) {
        rows.add(i);
      } else if (i == HEAD) {
        rows.add(-1);
      }
    }
    List<List<String>> columns = new ArrayList<>();
    columns.add(column("", i -> table.getIndex().text(i), rows, false));
    int width = width(columns.get(0));
    int shown = 0;
    for (String key : table.getKeys()) {
      Column c = table.get(key);
      var cells = column(key, i -> shorten(c, i, maxCell), rows, c instanceof NumericColumn);
      width += 2 + width(cells);
      if (width > maxWidth && shown > 0) {
        columns.add(column("...", i -> "...", rows, false));
        break;
      }
      columns.add(cells);
      shown++;
    }
    var text = new StringBuilder();
    for (int line = 0; line <= rows.size(); line++) {
      var row = new StringBuilder();
      for (List<String> cells : columns) {
        row.append(row.isEmpty() ? "" : "  ").append(cells.get(line));
      }
      text.append(row.toString().stripTrailing()).append('\n');
    }
    return text.append('\n')
        .append(n)
        .append(" rows x ")
        .append(table.nCols())
        .append(" columns")
        .append(hidden(table, shown))
        .toString();
  }

  /** Names the columns that found no room. */
  private static String hidden(DataFrame table, int shown) {
    List<String> keys = table.getKeys().stream().skip(shown).toList();
    return keys.isEmpty() ? "" : "; not shown: " + String.join(", ", keys);
  }

  static String shorten(Column c, int i) {
    return shorten(c, i, MAX_CELL);
  }

  private static String shorten(Column c, int i, int maxCell) {
    String s =
        c instanceof NumericColumn x && !x.isInteger() && !c.isMissing(i)
            ? String.format(java.util.Locale.ROOT, "%.6g", x.get(i))
            : c.text(i);
    return s.length() > maxCell ? s.substring(0, maxCell - 3) + "..." : s;
  }

  private static List<String> column(
      String title,
      java.util.function.IntFunction<String> cell,
      List<Integer> rows,
      boolean right) {
    List<String> cells = new ArrayList<>();
    cells.add(title);
    rows.forEach(i -> cells.add(i < 0 ? "..." : cell.apply(i)));
    int width = width(cells);
    cells.replaceAll(
        s -> right ? " ".repeat(width - s.length()) + s : s + " ".repeat(width - s.length()));
    return cells;
  }

  private static int width(List<String> cells) {
    return cells.stream().mapToInt(String::length).max().orElse(0);
  }
}
