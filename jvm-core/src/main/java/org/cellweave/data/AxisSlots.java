package org.cellweave.data;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.MissingKeyException;
import org.cellweave.util.ShapeMismatchException;

/**
 * Named arrays aligned to an axis: layers, obsm, varm, obsp, varp.
 *
 * <p>In a view, entries are taken from the parent when first read; writing makes the view actual.
 *
 * @param <T> {@link Matrix} for layers, obsp, varp
 */
public final class AxisSlots<T extends AxisArray> {
  private final String slot;
  private final int nRows;
  private final int nCols;
  private final Map<String, Slot<T>> entries = new LinkedHashMap<>();
  private Runnable beforeWrite = () -> {};
  private Supplier<List<String>> rowNames;

  /**
   * @param slot what error messages call it
   * @param nRows rows every entry must have
   * @param nCols columns every entry must have, or -1 for any
   */
  AxisSlots(String slot, int nRows, int nCols) {
    this.slot = slot;
    this.nRows = nRows;
    this.nCols = nCols;
  }

  String name() {
    return slot;
  }

  void onWrite(Runnable action) {
    this.beforeWrite = action;
  }

  /** Names of the axis, which tables among the entries bear too. */
  void namesOfRows(Supplier<List<String>> names) {
    this.rowNames = names;
  }

  /** Gives the tables among the entries the axis's names; to be called when these have changed. */
  void renameTables() {
    for (Slot<T> entry : entries.values()) {
      if (!entry.isUnread() && entry.get() instanceof DataFrame table) {
        table.setNames(rowNames.get());
      }
    }
  }

  /** Fills this with lazy selections of {@code from}'s entries. */
  void viewOf(AxisSlots<T> from, int[] rows, int[] cols) {
    from.entries.forEach((key, entry) -> entries.put(key, new Slot<>(entry, rows, cols)));
  }

  /** Replaces every entry, without a view becoming actual. */
  void replaceAll(UnaryOperator<T> change) {
    for (String key : List.copyOf(entries.keySet())) {
      entries.put(key, new Slot<>(change.apply(find(key))));
    }
  }

  /** Reads everything that is still lazy. */
  void materialize() {
    entries.keySet().forEach(this::find);
  }

  public Set<String> getKeys() {
    return java.util.Collections.unmodifiableSet(entries.keySet());
  }

  public int getSize() {
    return entries.size();
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  public boolean contains(String key) {
    return entries.containsKey(key);
  }

  /** The entry, or null. */
  public T find(String key) {
    Slot<T> entry = entries.get(key);
    if (entry == null) {
      return null;
    }
    boolean unread = entry.isUnread();
    T value = entry.get();
    // The parent may have been renamed between the selection and its first reading.
    if (unread && rowNames != null && value instanceof DataFrame table) {
      table.setNames(rowNames.get());
    }
    return value;
  }

  /**
   * The entry without carrying out a view's selection: what it will be selected from when nobody
   * has read it yet, with the rows and columns of that; null when there is none.
   */
  public T peek(String key) {
    Slot<T> entry = entries.get(key);
    return entry == null ? null : entry.peek();
  }

  /**
   * @throws MissingKeyException names the keys that are there
   */
  public T get(String key) {
    T found = find(key);
    if (found == null) {
      throw new MissingKeyException(slot, key, entries.keySet(), "");
    }
    return found;
  }

  /**
   * The entry as a matrix: {@code adata.obsm.matrix("X_pca").nCols()}, where {@code obsm["X_pca"]}
   * may be a table as well.
   *
   * @throws IllegalArgumentException when it is a table
   */
  public Matrix matrix(String key) {
    return matrix(key, "");
  }

  /**
   * The entry as a matrix.
   *
   * @param remedy which call would create it, for the message when it is missing
   */
  public Matrix matrix(String key, String remedy) {
    T found = find(key);
    if (found == null) {
      throw new MissingKeyException(slot, key, entries.keySet(), remedy);
    }
    if (!(found instanceof Matrix m)) {
      throw new IllegalArgumentException(
          slot + "['" + key + "'] must be a matrix, but is a " + found.described());
    }
    return m;
  }

  /**
   * Adds or replaces an entry. Of a table a copy is kept, so that renaming the axis leaves the
   * given one alone; an array in one dimension becomes one of one column, as anndata makes it.
   *
   * @throws ShapeMismatchException when it does not fit the axis
   * @throws IllegalArgumentException when a table's rows have other names than the axis
   */
  public void set(String key, T value) {
    if (value.nRows() != nRows || (nCols >= 0 && value instanceof Matrix m && m.nCols() != nCols)) {
      throw new ShapeMismatchException(
          slot
              + "['"
              + key
              + "'] must have "
              + nRows
              + " rows"
              + (nCols >= 0 ? " and " + nCols + " columns" : "")
              + ", got a "
              + value.described());
    }
    if (key.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "keys of "
              + slot
              + " must not contain '/', got '"
              + key
              + "'; files use it as separator");
    }
    beforeWrite.run();
    entries.put(key, new Slot<>(owned(key, value)));
  }

  private static AxisArray column(NdArray a) {
    return !a.isText() && a.dtype().isFloating()
        ? a.toMatrix()
        : new NdArray(a.dtype(), new int[] {a.nRows(), 1}, a.data());
  }

  @SuppressWarnings("unchecked")
  private T owned(String key, T value) {
    if (value instanceof NdArray a && a.nDims() == 1) {
      return (T) column(a);
    }
    if (rowNames == null || !(value instanceof DataFrame table)) {
      return value;
    }
    List<String> names = rowNames.get();
    List<String> given = table.getNames();
    for (int i = 0; i < nRows; i++) {
      if (!Objects.equals(names.get(i), given.get(i))) {
        String axis = slot.equals("obsm") ? "obs" : slot.equals("varm") ? "var" : "raw.var";
        throw new IllegalArgumentException(
            "rows of "
                + slot
                + "['"
                + key
                + "'] must be named as "
                + axis
                + "_names, but row "
                + i
                + " is '"
                + given.get(i)
                + "' where "
                + axis
                + "_names has '"
                + names.get(i)
                + "'. Sort the rows, or call table.setNames(adata."
                + (axis.equals("raw.var") ? axis + ".names" : axis + "Names")
                + ") when they are in that order");
      }
    }
    return (T) table.copy();
  }

  public void remove(String key) {
    get(key);
    beforeWrite.run();
    entries.remove(key);
  }

  public Collection<T> values() {
    return entries.keySet().stream().map(this::get).toList();
  }

  @Override
  public String toString() {
    return slot + " with keys " + entries.keySet();
  }
}
