package org.cellweave.data;

import java.util.Arrays;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.Matrix;

/**
 * One entry of an AnnData slot: a value, or a selection of another entry that is carried out when
 * it is first read. A selection of a selection that was not read yet goes back to the original.
 *
 * @param <T> what the entry holds
 */
final class Slot<T extends AxisArray> {
  private T value;
  private Slot<T> source;
  private int[] rows;
  private int[] cols;

  Slot(T value) {
    this.value = value;
  }

  /**
   * @param rows null for all
   * @param cols null for all; ignored unless the entry is a matrix
   */
  Slot(Slot<T> source, int[] rows, int[] cols) {
    boolean unread = source.value == null && source.source != null;
    this.source = unread ? source.source : source;
    this.rows = unread ? compose(source.rows, rows) : rows;
    this.cols = unread ? compose(source.cols, cols) : cols;
  }

  /** True for a selection that nobody has read yet. */
  boolean isUnread() {
    return source != null;
  }

  /** The value; null only when the original holds null. */
  T get() {
    if (source != null) {
      T original = source.get();
      value = original == null ? null : pick(original);
      source = null;
      rows = null;
      cols = null;
    }
    return value;
  }

  /** The value, or what it will be selected from; nothing is carried out. */
  T peek() {
    return source == null ? value : source.peek();
  }

  @SuppressWarnings("unchecked")
  private T pick(T original) {
    if (original instanceof Matrix m) {
      return (T) m.take(rows, cols);
    }
    return (T) (rows == null ? original.copy() : original.takeRows(rows));
  }

  /** Positions {@code inner} of the positions {@code outer}; null means all. */
  static int[] compose(int[] outer, int[] inner) {
    if (outer == null || inner == null) {
      return inner == null ? outer : inner;
    }
    return Arrays.stream(inner).map(i -> outer[i]).toArray();
  }
}
