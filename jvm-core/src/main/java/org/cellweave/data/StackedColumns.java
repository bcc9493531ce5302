package org.cellweave.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.cellweave.matrix.DType;

/** Columns of several tables, one below the other, with pandas' rules for differing types. */
public final class StackedColumns {
  private final List<Column> parts;
  private final int[] lengths;
  private final int total;

  private StackedColumns(List<Column> parts, int[] lengths) {
    this.parts = parts;
    this.lengths = lengths;
    this.total = Arrays.stream(lengths).sum();
  }

  /**
   * @param parts one per table, null where a table lacks the column, at least one there
   * @param lengths rows of each table
   */
  public static Column of(List<Column> parts, int[] lengths) {
    return new StackedColumns(parts, lengths).join();
  }

  private Stream<Column> present() {
    return parts.stream().filter(Objects::nonNull);
  }

  private boolean all(Class<? extends Column> type) {
    return present().allMatch(type::isInstance);
  }

  private Column join() {
    if (all(CategoricalColumn.class)) {
      return categorical();
    }
    if (all(BooleanColumn.class)) {
      return booleans();
    }
    boolean anyBoolean = present().anyMatch(BooleanColumn.class::isInstance);
    boolean plain = present().noneMatch(StackedColumns::isNullable);
    boolean numbers =
        present().allMatch(c -> c instanceof NumericColumn || c instanceof BooleanColumn);
    return numbers && (plain || !anyBoolean) ? numbers() : texts();
  }

  private static boolean isNullable(Column c) {
    return (c instanceof NumericColumn n && n.isNullable())
        || (c instanceof BooleanColumn b && b.isNullable());
  }

  private Column texts() {
    String[] out = new String[total];
    boolean nullable = present().allMatch(c -> c instanceof StringColumn s && s.isNullable());
    each((c, i, at) -> out[at] = c.isMissing(i) ? null : c.text(i));
    return new StringColumn(out, nullable);
  }

  private Column booleans() {
    boolean[] out = new boolean[total];
    boolean[] missing = new boolean[total];
    Arrays.fill(missing, true);
    each(
        (c, i, at) -> {
          out[at] = ((BooleanColumn) c).get(i);
          missing[at] = c.isMissing(i);
        });
    boolean nullable = parts.contains(null) || present().anyMatch(StackedColumns::isNullable);
    return new BooleanColumn(out, nullable ? missing : null);
  }

  private Column numbers() {
    DType type = present().map(StackedColumns::type).reduce(DType::promote).orElseThrow();
    boolean nullable = present().anyMatch(StackedColumns::isNullable);
    if (type.isInteger() && (nullable || !parts.contains(null))) {
      long[] out = new long[total];
      boolean[] missing = new boolean[total];
      Arrays.fill(missing, true);
      each(
          (c, i, at) -> {
            missing[at] = c.isMissing(i);
            out[at] =
                c instanceof NumericColumn n ? n.longs()[i] : ((BooleanColumn) c).get(i) ? 1 : 0;
          });
      return NumericColumn.integers(type, out, nullable ? missing : null);
    }
    double[] out = new double[total];
    Arrays.fill(out, Double.NaN);
    int at = 0;
    for (int p = 0; p < lengths.length; p++) {
      if (parts.get(p) != null) {
        System.arraycopy(parts.get(p).toDoubles(), 0, out, at, lengths[p]);
      }
      at += lengths[p];
    }
    return NumericColumn.reals(type.isFloating() ? type : DType.FLOAT64, out);
  }

  private static DType type(Column c) {
    return c instanceof NumericColumn n ? n.dtype() : DType.BOOL;
  }

  private Column categorical() {
    List<CategoricalColumn> columns = present().map(CategoricalColumn.class::cast).toList();
    CategoricalColumn first = columns.get(0);
    boolean identical =
        columns.stream()
            .allMatch(
                c ->
                    c.isOrdered() == first.isOrdered()
                        && Column.sameValues(c.categories(), first.categories()));
    boolean ordered = columns.stream().anyMatch(CategoricalColumn::isOrdered);
    if (ordered && !identical) {
      return texts();
    }
    Column all = union(columns);
    // anndata keeps the order of the first column when no other adds a category to it.
    Column categories = all.size() == first.nCategories() ? first.categories() : all;
    var place = new java.util.HashMap<String, Integer>();
    for (int c = 0; c < categories.size(); c++) {
      place.put(categories.text(c), c);
    }
    int[] codes = new int[total];
    Arrays.fill(codes, -1);
    each((c, i, at) -> codes[at] = c.isMissing(i) ? -1 : place.get(c.text(i)));
    return new CategoricalColumn(codes, categories, ordered);
  }

  /** Distinct categories in natural order, of the categories' own type where they share it. */
  private static Column union(List<CategoricalColumn> columns) {
    int[] lengths = columns.stream().mapToInt(CategoricalColumn::nCategories).toArray();
    Column all =
        new StackedColumns(columns.stream().map(CategoricalColumn::categories).toList(), lengths)
            .join();
    boolean numeric = all instanceof NumericColumn;
    double[] values = numeric ? all.toDoubles() : null;
    java.util.Comparator<Integer> order =
        numeric
            ? java.util.Comparator.comparingDouble(i -> values[i])
            : java.util.Comparator.comparing(i -> all.text(i), NaturalOrder.INSTANCE);
    Set<Integer> distinct = new TreeSet<>(order);
    for (int i = 0; i < all.size(); i++) {
      distinct.add(i);
    }
    return all.take(distinct.stream().mapToInt(Integer::intValue).toArray());
  }

  private interface Cell {
    void put(Column from, int i, int at);
  }

  private void each(Cell cell) {
    int at = 0;
    for (int p = 0; p < lengths.length; p++) {
      Column c = parts.get(p);
      for (int i = 0; i < lengths[p]; i++, at++) {
        if (c != null) {
          cell.put(c, i, at);
        }
      }
    }
  }
}
