package org.cellweave.data;

import java.util.ArrayList;
import java.util.List;

/** Lays a {@link Column} out as text the way pandas prints a Series: values, then type. */
final class ColumnText {
  private static final int ENDS = 5;
  private static final int MAX_ROWS = 12;
  private static final int MAX_CATEGORIES = 10;

  private ColumnText() {}

  static String of(Column column) {
    int n = column.size();
    boolean cut = n > MAX_ROWS;
    List<String> positions = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      if (cut && i == ENDS) {
        positions.add("");
        values.add("...");
        i = n - ENDS;
      }
      positions.add(Integer.toString(i));
      values.add(TableText.shorten(column, i));
    }
    int left = positions.stream().mapToInt(String::length).max().orElse(0);
    int right = values.stream().mapToInt(String::length).max().orElse(0);
    var text = new StringBuilder();
    for (int line = 0; line < values.size(); line++) {
      String position = positions.get(line);
      String value = values.get(line);
      text.append(position)
          .append(" ".repeat(left - position.length() + 4 + right - value.length()))
          .append(value)
          .append('\n');
    }
    text.append(cut || n == 0 ? "Length: " + n + ", " : "")
        .append("dtype: ")
        .append(column.dtypeName());
    if (column instanceof CategoricalColumn c) {
      text.append('\n').append(categories(c));
    }
    return text.toString();
  }

  private static String categories(CategoricalColumn column) {
    Column all = column.categories();
    int n = all.size();
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      if (n > MAX_CATEGORIES && i == ENDS) {
        shown.add("...");
        i = n - ENDS;
      }
      String name = TableText.shorten(all, i);
      shown.add(all instanceof StringColumn ? "'" + name + "'" : name);
    }
    return "Categories ("
        + n
        + ", "
        + all.dtypeName()
        + "): ["
        + String.join(column.isOrdered() ? " < " : ", ", shown)
        + "]";
  }
}
