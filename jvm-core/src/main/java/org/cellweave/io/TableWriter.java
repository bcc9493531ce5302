package org.cellweave.io;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.StringColumn;
import org.cellweave.io.ElementWriter.Target;

/** Writes tables as groups of columns. */
final class TableWriter {
  /** From here on the list of names may outgrow an object header (64 KiB). */
  private static final int MANY_COLUMNS = 3000;

  private final H5Sink sink;
  private final ElementWriter elements;

  TableWriter(H5Sink sink, ElementWriter elements) {
    this.sink = sink;
    this.elements = elements;
  }

  void write(Target t, DataFrame table) {
    long group = sink.group(t.parent(), t.name(), table.nCols() > MANY_COLUMNS);
    elements.encoding(group, "dataframe", "0.2.0");
    String index = table.getIndexName() == null ? DataFrame.UNNAMED_INDEX : table.getIndexName();
    boolean shared = isShared(t, table, index);
    List<String> columns = new ArrayList<>(table.getKeys());
    List<String> names = new ArrayList<>(columns);
    names.add(index);
    ElementWriter.checkNames(new HashSet<>(names), t.key());
    if (columns.isEmpty()) {
      sink.emptyAttribute(group, "column-order");
    } else {
      sink.attribute(group, "column-order", columns.toArray(new String[0]));
    }
    sink.attribute(group, "_index", index);
    if (!shared) {
      elements.write(group, index, t.key(), table.getIndex());
    }
    for (String name : columns) {
      elements.write(group, name, t.key(), table.get(name));
    }
    sink.closeGroup(group);
  }

  /** True when a column has the index's name and its values, so that one dataset serves both. */
  private static boolean isShared(Target t, DataFrame table, String index) {
    Column column = table.find(index);
    if (column == null) {
      return false;
    }
    if (!List.of(column.texts()).equals(List.of(table.getIndex().texts()))) {
      throw new IllegalArgumentException(
          "the index of '"
              + t.key()
              + "' is named '"
              + index
              + "', but a column of that name holds other values; rename one of them");
    }
    return true;
  }

  /**
   * The table with text columns as categoricals where a value repeats: what anndata does before it
   * writes. The table given is not changed.
   */
  static DataFrame withCategories(DataFrame table) {
    DataFrame out = table.copy();
    for (String name : List.copyOf(out.getKeys())) {
      if (out.get(name) instanceof StringColumn s && s.size() > 0) {
        CategoricalColumn c = s.toCategorical();
        if (c.nCategories() < s.size()) {
          out.set(name, c);
        }
      }
    }
    return out;
  }
}
