package org.cellweave.io.store;

import java.util.List;
import org.cellweave.data.NdArray;

/** An array of records, each field of which is read as a column of its own. */
public interface StoreRecords {
  /**
   * @param isArray whether every record has several values here
   */
  record Field(String name, ElementType type, boolean isArray) {}

  List<Field> fields();

  /** Number of records. */
  int length();

  /**
   * The values of a field in all records; two-dimensional for an array field.
   *
   * @param field its position in {@link #fields}
   */
  NdArray values(int field);

  /** True when every field is a plain number, boolean or text. */
  default boolean isSimple() {
    return fields().stream()
        .allMatch(f -> !f.isArray() && (f.type().isNumeric() || f.type().isText()));
  }
}
