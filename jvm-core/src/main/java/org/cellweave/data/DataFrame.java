package org.cellweave.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cellweave.matrix.AxisArray;
import org.cellweave.util.Check;
import org.cellweave.util.MissingKeyException;

/** A table of typed columns with an index that names its rows. */
public final class DataFrame implements AxisArray {
  /** Name under which an unnamed index is stored in files. */
  public static final String UNNAMED_INDEX = "_index";

  private final String slot;
  private Column index;
  private String indexName;
  private final Map<String, Column> columns = new LinkedHashMap<>();
  private Runnable beforeWrite = () -> {};
  private Runnable afterRename = () -> {};
  private boolean isAxis;

  /** A table without columns. */
  public DataFrame(Column index) {
    this("table", index, null);
  }

  /** A table without columns whose rows are named 0, 1, 2, ... */
  static DataFrame numbered(int n) {
    String[] names = new String[n];
    Arrays.setAll(names, Integer::toString);
    return ofNames(names);
  }

  public static DataFrame ofNames(String... names) {
    return new DataFrame(StringColumn.of(names));
  }

  /**
   * @param slot what error messages call it ("obs")
   * @param indexName the index's own name, or null
   */
  public DataFrame(String slot, Column index, String indexName) {
    this.slot = slot;
    this.index = index;
    this.indexName = indexName;
  }

  /** Called before every change; an AnnData view turns into an actual object there. */
  void onWrite(Runnable action) {
    this.beforeWrite = action;
    this.isAxis = true;
  }

  /** Called after the rows were given other names. */
  void onRename(Runnable action) {
    this.afterRename = action;
  }

  /** What error messages call it. */
  String slot() {
    return slot;
  }

  @Override
  public int nRows() {
    return index.size();
  }

  public int nCols() {
    return columns.size();
  }

  public Column getIndex() {
    return index;
  }

  /** The index's own name, or null. */
  public String getIndexName() {
    return indexName;
  }

  public void setIndexName(String name) {
    beforeWrite.run();
    this.indexName = name;
  }

  /** Row names, as text. */
  public List<String> getNames() {
    return index instanceof StringColumn s
        ? Arrays.asList(s.values())
        : Arrays.asList(index.texts());
  }

  public void setNames(List<String> names) {
    Check.sameLength(names.size(), nRows(), slot + " names", "the number of rows");
    beforeWrite.run();
    this.index = StringColumn.of(names.toArray(new String[0]));
    afterRename.run();
  }

  /**
   * Names the rows by a column of any type.
   *
   * @throws org.cellweave.util.ShapeMismatchException when it is not as long as the table
   */
  public void setIndex(Column names) {
    Check.sameLength(names.size(), nRows(), slot + " index", "the number of rows");
    beforeWrite.run();
    this.index = names;
    afterRename.run();
  }

  /** Column names in order. */
  public Set<String> getKeys() {
    return columns.keySet();
  }

  public boolean contains(String key) {
    return columns.containsKey(key);
  }

  /** The column, or null. */
  public Column find(String key) {
    return columns.get(key);
  }

  /**
   * @throws MissingKeyException names the columns that are there
   */
  public Column get(String key) {
    Column found = columns.get(key);
    if (found == null) {
      throw new MissingKeyException(slot, key, columns.keySet(), "");
    }
    return found;
  }

  /** Adds or replaces a column. */
  public void set(String key, Column column) {
    Check.sameLength(
        column.size(), nRows(), slot + "['" + key + "']", "the number of rows of " + slot);
    if (key.equals(UNNAMED_INDEX)) {
      throw new IllegalArgumentException("'" + key + "' is reserved for the index");
    }
    beforeWrite.run();
    columns.put(key, column);
  }

  public void remove(String key) {
    get(key);
    beforeWrite.run();
    columns.remove(key);
  }

  /** Renames a column and keeps its place. */
  public void rename(String from, String to) {
    get(from);
    beforeWrite.run();
    Map<String, Column> old = new LinkedHashMap<>(columns);
    columns.clear();
    old.forEach((key, column) -> columns.put(key.equals(from) ? to : key, column));
  }

  /**
   * Takes over the rows, their names and the columns of another table.
   *
   * @throws IllegalArgumentException when an object's own table would lose or gain rows
   */
  public void become(DataFrame other) {
    if (isAxis && other.nRows() != nRows()) {
      throw new IllegalArgumentException(
          "the rows of "
              + slot
              + " are those of its object, so that it cannot go from "
              + nRows()
              + " to "
              + other.nRows()
              + " in place; choose from the object instead: adata[mask] or adata[all, mask]");
    }
    beforeWrite.run();
    boolean renamed = index != other.index;
    index = other.index;
    indexName = other.indexName;
    Map<String, Column> taken = new LinkedHashMap<>(other.columns);
    columns.clear();
    columns.putAll(taken);
    if (renamed) {
      afterRename.run();
    }
  }

  @Override
  public DataFrame takeRows(int[] rows) {
    var out = new DataFrame(slot, index.take(rows), indexName);
    columns.forEach((key, column) -> out.columns.put(key, column.take(rows)));
    return out;
  }

  /** Columns are values, so that only the list of them is copied. */
  @Override
  public DataFrame copy() {
    return named(slot);
  }

  /** A copy that error messages call {@code slot}. */
  DataFrame named(String newSlot) {
    var out = new DataFrame(newSlot, index, indexName);
    out.columns.putAll(columns);
    return out;
  }

  @Override
  public String described() {
    return "table of " + nRows() + " x " + nCols();
  }

  /** As {@link #toString()}, with every row and column and with whole texts. */
  public String toText() {
    return TableText.whole(this);
  }

  @Override
  public String toString() {
    return TableText.of(this);
  }
}
