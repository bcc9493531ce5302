package org.cellweave.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Colours of categories, kept in {@code uns["<column>_colors"]} in the order of the categories. */
public final class CategoryColors {
  private CategoryColors() {}

  static String key(String column) {
    return column + "_colors";
  }

  /**
   * Gives every new category the colour it had. Colours that are not one for each old category, or
   * that a new category lacks, are removed, so that nobody draws a category in another's colour.
   *
   * @param from position of each new category among the old ones, or -1
   */
  static void follow(Map<String, Object> uns, String column, int nOld, int[] from) {
    String key = key(column);
    boolean kept = Arrays.stream(from).allMatch(c -> c >= 0);
    if (uns.get(key) instanceof NdArray rgb && !rgb.isText() && rgb.nDims() > 0) {
      uns.compute(key, (k, v) -> kept && rgb.nRows() == nOld ? rgb.takeRows(from) : null);
      return;
    }
    List<String> colors = colors(uns.get(key));
    if (colors == null) {
      return;
    }
    if (colors.size() != nOld || !kept) {
      uns.remove(key);
      return;
    }
    uns.put(key, NdArray.of(Arrays.stream(from).mapToObj(colors::get).toArray(String[]::new)));
  }

  /**
   * Colours of joined categories: each from the first part that has the category and a colour for
   * it; none when a category has none.
   *
   * @param parts one column per object, with that object's uns
   */
  public static void join(
      Map<String, Object> uns,
      String column,
      CategoricalColumn joined,
      List<Map.Entry<Column, Map<String, Object>>> parts) {
    if (!uns.containsKey(key(column))) {
      return;
    }
    List<String> names = joined.categoryNames();
    String[] found = new String[names.size()];
    for (var part : parts) {
      List<String> colors = colors(part.getValue().get(key(column)));
      if (part.getKey() instanceof CategoricalColumn c
          && colors != null
          && colors.size() == c.nCategories()) {
        for (int i = 0; i < colors.size(); i++) {
          int at = names.indexOf(c.categories().text(i));
          if (at >= 0 && found[at] == null) {
            found[at] = colors.get(i);
          }
        }
      }
    }
    if (Arrays.stream(found).allMatch(Objects::nonNull)) {
      uns.put(key(column), NdArray.of(found));
    } else {
      uns.remove(key(column));
    }
  }

  /** Text in any of the forms that uns may hold; null for what is no list of colours. */
  private static List<String> colors(Object value) {
    if (value instanceof NdArray a) {
      return a.isText() ? Arrays.asList(a.texts()) : null;
    }
    if (value instanceof StringColumn c) {
      return Arrays.asList(c.values());
    }
    if (value instanceof String s) {
      return List.of(s);
    }
    Collection<?> items =
        value instanceof Object[] array
            ? Arrays.asList(array)
            : value instanceof Collection<?> c ? c : null;
    if (items == null || !items.stream().allMatch(String.class::isInstance)) {
      return null;
    }
    List<String> out = new ArrayList<>();
    items.forEach(i -> out.add((String) i));
    return out;
  }
}
