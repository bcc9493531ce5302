package org.cellweave.data;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cellweave.util.Check;

/** Named one-dimensional fields of equal length, NumPy's structured array. */
public final class RecordArray {
  private final int length;
  private final Map<String, NdArray> fields = new LinkedHashMap<>();

  public RecordArray(int length) {
    this.length = length;
  }

  public int length() {
    return length;
  }

  /** Fields in order; not to be changed. */
  public Map<String, NdArray> fields() {
    return fields;
  }

  public NdArray get(String field) {
    return fields.get(field);
  }

  /** Adds a field and returns this array. */
  public RecordArray with(String field, NdArray values) {
    Check.sameLength(values.size(), length, "field '" + field + "'", "the array's length");
    fields.put(field, values);
    return this;
  }

  @Override
  public String toString() {
    return "record array of " + length + " with fields " + fields.keySet();
  }
}
