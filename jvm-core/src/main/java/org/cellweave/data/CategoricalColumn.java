package org.cellweave.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cellweave.util.Check;

/** Codes into a list of categories; -1 is missing. */
public final class CategoricalColumn implements Column {
  private final int[] codes;
  private final Column categories;
  private final boolean ordered;

  /**
   * Arrays are not copied.
   *
   * @param codes positions in {@code categories}, or -1
   * @param categories distinct values: text, numbers or booleans
   * @param ordered whether the order of the categories has a meaning
   */
  public CategoricalColumn(int[] codes, Column categories, boolean ordered) {
    for (int code : codes) {
      if (code < -1 || code >= categories.size()) {
        throw new IllegalArgumentException(
            "category codes must lie in [-1, " + categories.size() + "), got " + code);
      }
    }
    this.codes = codes;
    this.categories = categories;
    this.ordered = ordered;
  }

  /** Distinct values in natural order become the categories; null is missing. */
  public static CategoricalColumn ofTexts(String... values) {
    Set<String> distinct = new LinkedHashSet<>();
    for (String v : values) {
      if (v != null) {
        distinct.add(v);
      }
    }
    String[] sorted = distinct.toArray(new String[0]);
    Arrays.sort(sorted, NaturalOrder.INSTANCE);
    return ofTexts(values, sorted, false);
  }

  /**
   * @throws IllegalArgumentException when a value is not among the categories
   */
  public static CategoricalColumn ofTexts(String[] values, String[] categories, boolean ordered) {
    Map<String, Integer> position = new HashMap<>();
    for (int c = 0; c < categories.length; c++) {
      position.put(categories[c], c);
    }
    int[] codes = new int[values.length];
    for (int i = 0; i < codes.length; i++) {
      Integer code = values[i] == null ? Integer.valueOf(-1) : position.get(values[i]);
      if (code == null) {
        throw new IllegalArgumentException(
            "value '"
                + values[i]
                + "' is not among the categories "
                + Arrays.asList(categories)
                + "."
                + Check.suggestion(values[i], Arrays.asList(categories)));
      }
      codes[i] = code;
    }
    return new CategoricalColumn(codes, StringColumn.of(categories), ordered);
  }

  /** Labels such as cluster numbers: category c is named {@code Integer.toString(c)}. */
  public static CategoricalColumn ofLabels(int[] labels, int nCategories) {
    String[] names = new String[nCategories];
    for (int c = 0; c < nCategories; c++) {
      names[c] = Integer.toString(c);
    }
    return new CategoricalColumn(labels.clone(), StringColumn.of(names), false);
  }

  /** The codes, not copied. */
  public int[] codes() {
    return codes;
  }

  public Column categories() {
    return categories;
  }

  /** Names of the categories, as text. */
  public List<String> categoryNames() {
    return Arrays.asList(categories.texts());
  }

  public int nCategories() {
    return categories.size();
  }

  public boolean isOrdered() {
    return ordered;
  }

  /** Number of members of every category. */
  public int[] counts() {
    int[] counts = new int[categories.size()];
    for (int code : codes) {
      if (code >= 0) {
        counts[code]++;
      }
    }
    return counts;
  }

  /** Without categories that no row has; this column itself when all are used. */
  public CategoricalColumn removeUnused() {
    int[] used = usedCategories();
    if (used.length == categories.size()) {
      return this;
    }
    int[] renumbered = new int[categories.size()];
    for (int c = 0; c < used.length; c++) {
      renumbered[used[c]] = c;
    }
    int[] out = new int[codes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = codes[i] < 0 ? -1 : renumbered[codes[i]];
    }
    return new CategoricalColumn(out, categories.take(used), ordered);
  }

  /**
   * The same rows with other names of the categories, in the same order.
   *
   * @throws IllegalArgumentException when there are not as many names as categories, or when names
   *     repeat
   */
  public CategoricalColumn renameCategories(List<String> names) {
    Categories.requireDistinct(names);
    if (names.size() != categories.size()) {
      throw new IllegalArgumentException(
          "names must be as many as the categories "
              + categoryNames()
              + ", got "
              + names.size()
              + ": "
              + names);
    }
    return new CategoricalColumn(codes, StringColumn.of(names.toArray(new String[0])), ordered);
  }

  /**
   * These categories in this order; rows of other categories become missing.
   *
   * @throws IllegalArgumentException when names repeat
   */
  public CategoricalColumn setCategories(List<String> names) {
    Categories.requireDistinct(names);
    List<String> known = categoryNames();
    Column chosen =
        known.containsAll(names)
            ? categories.take(names.stream().mapToInt(known::indexOf).toArray())
            : StringColumn.of(names.toArray(new String[0]));
    return new CategoricalColumn(Categories.recoded(this, names), chosen, ordered);
  }

  /** Positions of the categories that some row has, in order. */
  public int[] usedCategories() {
    int[] counts = counts();
    return java.util.stream.IntStream.range(0, counts.length).filter(c -> counts[c] > 0).toArray();
  }

  @Override
  public int size() {
    return codes.length;
  }

  @Override
  public boolean isMissing(int i) {
    return codes[i] < 0;
  }

  @Override
  public String text(int i) {
    return codes[i] < 0 ? "NaN" : categories.text(codes[i]);
  }

  @Override
  public String[] texts() {
    String[] names = categories.texts();
    String[] out = new String[codes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = codes[i] < 0 ? "NaN" : names[codes[i]];
    }
    return out;
  }

  @Override
  public String dtypeName() {
    return "category";
  }

  /** The numbers behind numeric categories. */
  @Override
  public double[] toDoubles() {
    double[] values = categories.toDoubles();
    double[] out = new double[codes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = codes[i] < 0 ? Double.NaN : values[codes[i]];
    }
    return out;
  }

  @Override
  public CategoricalColumn take(int[] positions) {
    int[] out = new int[positions.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = positions[i] < 0 ? -1 : codes[positions[i]];
    }
    return new CategoricalColumn(out, categories, ordered);
  }

  @Override
  public CategoricalColumn copy() {
    return new CategoricalColumn(codes.clone(), categories, ordered);
  }

  @Override
  public String toString() {
    return ColumnText.of(this);
  }
}
