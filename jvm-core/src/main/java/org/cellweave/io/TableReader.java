package org.cellweave.io;

import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.OpaqueElement;
import org.cellweave.io.ElementReader.Element;
import org.cellweave.io.ElementReader.Place;

/** Reads tables: groups of columns, as anndata writes them since 0.7. */
final class TableReader {
  private final H5Source source;
  private final ElementReader elements;

  TableReader(H5Source source, ElementReader elements) {
    this.source = source;
    this.elements = elements;
  }

  /** A table; an element of its own kind when a column of it is, unless it must be a table. */
  Object read(Element e) {
    Group group = source.group(e.node(), e.key());
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
    if (e.place() == Place.TABLE) {
      throw source.bad(
          e.key() + "/" + column,
          "is a column of a kind that cannot be read here; remove it in Python, or write it as"
              + " numbers or text");
    }
    return elements.unknown(e, "dataframe", "0.2.0");
  }

  private List<String> columnNames(Group group, String key, String indexName) {
    if (source.hasAttribute(group, "column-order", key)) {
      var once = new LinkedHashSet<String>();
      for (String name : source.texts(group, "column-order", key)) {
        if (!once.add(name)) {
          elements.warn(source.at(key) + " names the column '" + name + "' twice; it is read once");
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
  private Object column(Group group, Element e, String name) {
    String key = e.key() + "/" + name;
    Node node = source.child(group, name, e.key());
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
      return elements.legacy().referencedCategorical(node, key);
    }
    Object value = elements.read(new Element(node, key, Place.COLUMN, e.depth() + 1));
    if (value instanceof Column || value instanceof OpaqueElement) {
      return value;
    }
    throw source.bad(
        key,
        value == null
            ? "holds no value, expected a column"
            : "is a " + value.getClass().getSimpleName() + ", expected a column");
  }

  private Node nested(Group group, String key, String path) {
    Node at = group;
    for (String part : path.split("/")) {
      if (part.isEmpty()) {
        continue;
      }
      at = at instanceof Group g ? source.child(g, part, key) : null;
      if (at == null) {
        return null;
      }
    }
    return at;
  }
}
