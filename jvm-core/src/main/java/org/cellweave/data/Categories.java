package org.cellweave.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.util.MissingKeyException;

/** Changes of a table's categories that carry the annotation in uns along. */
final class Categories {
  private Categories() {}

  /** Text columns whose values repeat become categorical. */
  static void fromText(DataFrame table) {
    for (String key : List.copyOf(table.getKeys())) {
      if (table.get(key) instanceof StringColumn text) {
        CategoricalColumn categories = text.toCategorical();
        if (categories.nCategories() < text.size()) {
          table.set(key, categories);
        }
      }
    }
  }

  /** Drops what no row has; colours that are not one for each category go, as in anndata. */
  static void dropUnused(DataFrame table, Map<String, Object> uns) {
    for (String key : List.copyOf(table.getKeys())) {
      if (table.get(key) instanceof CategoricalColumn c) {
        int[] used = c.usedCategories();
        CategoryColors.follow(uns, key, c.nCategories(), used);
        if (used.length < c.nCategories()) {
          table.set(key, c.removeUnused());
        }
      }
    }
  }

  static void rename(DataFrame table, String key, List<String> names, Map<String, Object> uns) {
    CategoricalColumn old = column(table, key);
    table.set(key, old.renameCategories(names));
    uns.replaceAll((k, value) -> renamed(value, key, old.categoryNames(), names));
  }

  /** A ranking grouped by the column, with the fields of its record arrays renamed. */
  private static Object renamed(Object value, String key, List<String> old, List<String> names) {
    if (!(value instanceof Map<?, ?> map)
        || !(map.get("params") instanceof Map<?, ?> params)
        || !key.equals(params.get("groupby"))) {
      return value;
    }
    Map<String, Object> out = new LinkedHashMap<>();
    map.forEach(
        (name, item) ->
            out.put(
                String.valueOf(name),
                item instanceof RecordArray r && List.copyOf(r.fields().keySet()).equals(old)
                    ? renamed(r, old, names)
                    : item));
    return out;
  }

  private static RecordArray renamed(RecordArray from, List<String> old, List<String> names) {
    var out = new RecordArray(from.length());
    for (int i = 0; i < names.size(); i++) {
      out.with(names.get(i), from.fields().get(old.get(i)));
    }
    return out;
  }

  static void set(DataFrame table, String key, List<String> names, Map<String, Object> uns) {
    CategoricalColumn old = column(table, key);
    CategoricalColumn changed = old.setCategories(names);
    List<String> known = old.categoryNames();
    CategoryColors.follow(
        uns, key, old.nCategories(), names.stream().mapToInt(known::indexOf).toArray());
    table.set(key, changed);
  }

  static void reorder(DataFrame table, String key, List<String> names, Map<String, Object> uns) {
    List<String> known = column(table, key).categoryNames();
    if (names.size() != known.size() || !new HashSet<>(names).equals(new HashSet<>(known))) {
      throw new IllegalArgumentException(
          "names must be the categories of '"
              + key
              + "' in another order, which are "
              + known
              + ", got "
              + names);
    }
    set(table, key, names, uns);
  }

  private static CategoricalColumn column(DataFrame table, String key) {
    Column found = table.find(key);
    if (found == null) {
      throw new MissingKeyException("obs", key, table.getKeys(), "It is not in var either.");
    }
    if (!(found instanceof CategoricalColumn c)) {
      throw new IllegalArgumentException(
          "'"
              + key
              + "' must be a categorical column, but is "
              + found.dtypeName()
              + "; call adata.stringsToCategoricals() first");
    }
    return c;
  }

  /** Refuses names that repeat. */
  static void requireDistinct(List<String> names) {
    if (new HashSet<>(names).size() < names.size()) {
      List<String> twice = new ArrayList<>(names);
      names.stream().distinct().forEach(twice::remove);
      throw new IllegalArgumentException("categories must differ, but " + twice + " repeat");
    }
  }

  /** Codes of the new categories; -1 where a row's category is not among them. */
  static int[] recoded(CategoricalColumn column, List<String> names) {
    int[] place = column.categoryNames().stream().mapToInt(names::indexOf).toArray();
    return Arrays.stream(column.codes()).map(c -> c < 0 ? -1 : place[c]).toArray();
  }
}
