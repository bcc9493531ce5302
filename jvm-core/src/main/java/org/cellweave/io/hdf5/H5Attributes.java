package org.cellweave.io.hdf5;

import io.jhdf.api.Attribute;
import io.jhdf.api.Node;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;

/** The attributes of the nodes of a file, their text decoded here. */
final class H5Attributes {
  private final H5Source source;

  H5Attributes(H5Source source) {
    this.source = source;
  }

  boolean has(Node node, String name, String key) {
    return source.guard(key, () -> node.getAttribute(name) != null);
  }

  String text(Node node, String name, String key) {
    Object data = value(node, name, key);
    while (data != null && data.getClass().isArray()) {
      data = Array.getLength(data) == 0 ? null : Array.get(data, 0);
    }
    return data == null ? "" : trimmed(String.valueOf(data));
  }

  String[] texts(Node node, String name, String key) {
    Object data = value(node, name, key);
    if (data instanceof String s) {
      return new String[] {s};
    }
    if (!(data instanceof Object[] values)) {
      return new String[0];
    }
    String[] out = new String[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = trimmed(String.valueOf(values[i]));
    }
    return out;
  }

  private static String trimmed(String s) {
    int end = s.indexOf('\0');
    return end < 0 ? s : s.substring(0, end);
  }

  long[] longs(Node node, String name, String key) {
    Object data = value(node, name, key);
    if (data == null) {
      return null;
    }
    if (!data.getClass().isArray()) {
      data = new Object[] {data};
    }
    long[] out = new long[Array.getLength(data)];
    for (int i = 0; i < out.length; i++) {
      if (!(Array.get(data, i) instanceof Number n)) {
        throw source.bad(key, "has an attribute '" + name + "' that is not numeric");
      }
      out[i] = n.longValue();
    }
    return out;
  }

  boolean flag(Node node, String name, String key) {
    if (!has(node, name, key)) {
      return false;
    }
    String text = text(node, name, key);
    boolean isTrue =
        text.equalsIgnoreCase("true") || text.matches("-?[0-9.E+-]*[1-9][0-9.E+-]*|NaN");
    if (isTrue || text.equalsIgnoreCase("false") || text.matches("-?0(\\.0)?")) {
      return isTrue;
    }
    throw source.bad(
        key, "has an attribute '" + name + "' that is '" + text + "', expected true or false");
  }

  private Object value(Node node, String name, String key) {
    return source.guard(
        key,
        () -> {
          Attribute found = node.getAttribute(name);
          if (found == null || found.getSize() == 0) {
            return null;
          }
          ByteBuffer stored = found.getBuffer();
          long bytes = Math.multiplyExact(found.getSize(), (long) found.getDataType().getSize());
          if (stored != null && (bytes < 0 || bytes > stored.capacity())) {
            throw cutOff(found, key);
          }
          H5Type type = H5Type.of(found.getDataType());
          return type.isText() && found.getBuffer() != null
              ? decoded(found, type, key)
              : found.getData();
        });
  }

  private RuntimeException cutOff(Attribute attribute, String key) {
    return source.bad(
        key, "has an attribute '" + attribute.getName() + "' that is cut off; the file is damaged");
  }

  private String[] decoded(Attribute attribute, H5Type type, String key) {
    ByteBuffer bytes = attribute.getBuffer().duplicate();
    bytes.rewind();
    int n = Math.toIntExact(attribute.getSize());
    if (n < 0 || (long) n * type.size() > bytes.remaining()) {
      throw cutOff(attribute, key);
    }
    String[] out = new String[n];
    source.textDecoder().decode(key, type.hdf(), bytes, 0, type.size(), n, out, 0);
    return out;
  }
}
