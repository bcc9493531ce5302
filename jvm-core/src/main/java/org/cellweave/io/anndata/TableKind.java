package org.cellweave.io.anndata;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.OpaqueElement;
import org.cellweave.data.StringColumn;
import org.cellweave.io.store.StoreGroup;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.io.store.StoreNode;
import org.cellweave.io.store.StoreReader;

/** Tables: groups of columns, as anndata writes them since 0.7. */
final class TableKind implements ElementKind {
  private static final String TYPE = "dataframe";
  private static final String VERSION = "0.2.0";

  /** From here on the list of names may outgrow an object header (64 KiB). */
  private static final int MANY_COLUMNS = 3000;

  @Override
  public void register(ElementRegistry registry) {
    registry.reads(TYPE, "0.1.0", (reader, element) -> new Reading(reader).read(element));
    registry.reads(TYPE, VERSION, (reader, element) -> new Reading(reader).read(element));
    registry.writes(DataFrame.class, TableKind::write);
  }

  // ------------------------------------------------------------------------------ reading

  private static final class Reading {
    private final StoreReader source;
    private final ElementReader elements;

    Reading(ElementReader elements) {
      this.source = elements.source();
      this.elements = elements;
    }

    /** A table; an element of its own kind when a column of it is, unless it must be a table. */
    Object read(Element e) {
      StoreGroup group = source.group(e.node(), e.key());
      String indexName = source.text(group, "_index", e.key());
      if (indexName.isEmpty()) {
        indexName = DataFrame.UNNAMED_INDEX;
      }
      if (!(column(group, e, indexName) instanceof Column index)) {
        return unreadable(e, indexName);
      }
      String slot = e.key();
      var table =
          new DataFrame(slot, index, indexName.equals(DataFrame.UNNAMED_INDEX) ? null : indexName);
      for (String name : columnNames(group, e.key(), indexName)) {
        if (!(column(group, e, name) instanceof Column column)) {
          return unreadable(e, name);
        }
        if (column.size() != table.nRows()) {
          throw source.bad(
              e.key() + "/" + name,
              "has "
                  + column.size()
                  + " entries, but the table has "
                  + table.nRows()
                  + " rows; the file is damaged");
        }
        table.set(name, column);
      }
      return table;
    }

    private OpaqueElement unreadable(Element e, String column) {
      if (e.place() == Element.Place.TABLE) {
        throw source.bad(
            e.key() + "/" + column,
            "is a column of a kind that cannot be read here; remove it in Python, or write it as"
                + " numbers or text");
      }
      return elements.unknown(e, TYPE, VERSION);
    }

    private List<String> columnNames(StoreGroup group, String key, String indexName) {
      if (source.hasAttribute(group, "column-order", key)) {
        var once = new LinkedHashSet<String>();
        for (String name : source.texts(group, "column-order", key)) {
          if (!once.add(name)) {
            elements.warn(
                source.at(key) + " names the column '" + name + "' twice; it is read once");
          }
        }
        return List.copyOf(once);
      }
      List<String> names = new ArrayList<>(source.children(group, key).keySet());
      names.remove(indexName);
      names.remove("__categories");
      return names;
    }

    /** A column; no column when it is of another kind. Names with a slash lie in nested groups. */
    private Object column(StoreGroup group, Element e, String name) {
      String key = e.key() + "/" + name;
      StoreNode node = source.child(group, name, e.key());
      if (node == null && name.indexOf('/') >= 0) {
        node = nested(group, e.key(), name);
      }
      if (node == null) {
        throw source.bad(
            key,
            "is missing, though the table names it; it has "
                + source.children(group, e.key()).keySet());
      }
      if (source.hasAttribute(node, "categories", key)) {
        return new LegacyTables(source).referencedCategorical(node, key);
      }
      Object value = elements.read(e.member(node, name, Element.Place.COLUMN));
      if (value instanceof Column || value instanceof OpaqueElement) {
        return value;
      }
      throw source.bad(
          key,
          value == null
              ? "holds no value, expected a column"
              : "is a " + value.getClass().getSimpleName() + ", expected a column");
    }

    private StoreNode nested(StoreGroup group, String key, String path) {
      StoreNode at = group;
      for (String part : path.split("/")) {
        if (part.isEmpty()) {
          continue;
        }
        at = at instanceof StoreGroup g ? source.child(g, part, key) : null;
        if (at == null) {
          return null;
        }
      }
      return at;
    }
  }

  // ------------------------------------------------------------------------------ writing

  private static void write(ElementWriter writer, ElementWriter.Target t, DataFrame table) {
    StoreGroupWriter group = t.parent().group(t.name(), table.nCols() > MANY_COLUMNS);
    ElementWriter.encoding(group, TYPE, VERSION);
    String index = table.getIndexName() == null ? DataFrame.UNNAMED_INDEX : table.getIndexName();
    boolean shared = isShared(t, table, index);
    List<String> columns = new ArrayList<>(table.getKeys());
    List<String> names = new ArrayList<>(columns);
    names.add(index);
    ElementNames.checkAll(new HashSet<>(names), t.key());
    if (columns.isEmpty()) {
      group.emptyAttribute("column-order");
    } else {
      group.attribute("column-order", columns.toArray(new String[0]));
    }
    group.attribute("_index", index);
    if (!shared) {
      writer.write(group, index, t.key(), table.getIndex());
    }
    for (String name : columns) {
      writer.write(group, name, t.key(), table.get(name));
    }
    group.close();
  }

  /** True when a column has the index's name and its values, so that one dataset serves both. */
  private static boolean isShared(ElementWriter.Target t, DataFrame table, String index) {
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
