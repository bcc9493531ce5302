package org.cellweave.data;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Unstructured annotation, in the order in which it was put. Dicts in it that cannot be changed,
 * such as Kotlin's {@code mapOf("a" to 1)}, are replaced by ones that can.
 */
final class Annotation extends LinkedHashMap<String, Object> {
  private static final long serialVersionUID = 1;

  /** The same values in dicts of its own, as a view has them; arrays and tables are shared. */
  static Annotation withOwnDicts(Map<String, Object> from) {
    var out = new Annotation();
    from.forEach((key, value) -> out.put(key, value instanceof Map<?, ?> m ? dict(m) : value));
    return out;
  }

  static Annotation of(Map<String, ?> from) {
    var out = new Annotation();
    out.putAll(from);
    return out;
  }

  @Override
  public Object put(String key, Object value) {
    boolean fixed = value instanceof Map<?, ?> && !(value instanceof HashMap<?, ?>);
    return super.put(key, fixed ? dict((Map<?, ?>) value) : value);
  }

  @Override
  public void putAll(Map<? extends String, ?> from) {
    from.forEach(this::put);
  }

  private static Map<Object, Object> dict(Map<?, ?> from) {
    Map<Object, Object> out = new LinkedHashMap<>();
    from.forEach((key, value) -> out.put(key, value instanceof Map<?, ?> m ? dict(m) : value));
    return out;
  }
}
