package org.cellweave.io;

import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.ArrayList;
import java.util.List;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
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

  DataFrame read(Element e) {
    Group group = source.group(e.node(), e.key());
    String indexName = source.text(group, "_index", e.key());
    if (indexName.isEmpty()) {
      indexName = DataFrame.UNNAMED_INDEX;
    }
    Column index = column(group, e, indexName);
    if (index == null) {
      throw source.bad(e.key(), "has an index of unknown encoding, which cannot be left out");
    }
    String slot = e.key();
    var table =
        new DataFrame(slot, index, indexName.equals(DataFrame.UNNAMED_INDEX) ? null : indexName);
    for (String name : columnNames(group, e.key(), indexName)) {
      Column column = column(group, e, name);
      if (column == null) {
        continue;
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

  private List<String> columnNames(Group group, String key, String indexName) {
    if (source.hasAttribute(group, "column-order", key)) {
      return List.of(source.texts(group, "column-order", key));
    }
    List<String> names = new ArrayList<>(source.children(group, key).keySet());
    names.remove(indexName);
    names.remove("__categories");
    return names;
  }

  /** A column; null when it had to be left out. Names with a slash lie in nested groups. */
  private Column column(Group group, Element e, String name) {
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
    if (value != null && !(value instanceof Column)) {
      throw source.bad(key, "is a " + value.getClass().getSimpleName() + ", expected a column");
    }
    return (Column) value;
  }

  private Node nested(Group group, String key, String path) {
    Node at = group;
    for (String part : path.split("/")) {
      at = at instanceof Group g ? source.child(g, part, key) : null;
      if (at == null) {
        return null;
      }
    }
    return at;
  }
}
