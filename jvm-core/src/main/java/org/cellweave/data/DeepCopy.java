package org.cellweave.data;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cellweave.matrix.AxisArray;

/** Copies of unstructured annotation that share nothing that can be changed. */
final class DeepCopy {
  private DeepCopy() {}

  static Map<String, Object> of(Map<?, ?> map) {
    Map<String, Object> out = new LinkedHashMap<>();
    map.forEach((key, value) -> out.put(String.valueOf(key), ofValue(value)));
    return out;
  }

  private static Object ofValue(Object value) {
    if (value instanceof Map<?, ?> nested) {
      return of(nested);
    }
    if (value instanceof AnnData nested) {
      return nested.copy();
    }
    return value instanceof AxisArray a ? a.copy() : value;
  }
}
