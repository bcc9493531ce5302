package org.cellweave.neural.files;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Records of numbers, booleans, strings, enums and such records, to and from maps that JSON can
 * write. The class to read is given by the caller, so that a file cannot ask for another.
 */
public final class RecordText {
  private RecordText() {}

  /** The components by name. */
  public static Map<String, Object> write(Record from) {
    Map<String, Object> out = new LinkedHashMap<>();
    for (RecordComponent component : from.getClass().getRecordComponents()) {
      Object value;
      try {
        value = component.getAccessor().invoke(from);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(component + " cannot be read", e);
      }
      if (value instanceof Record inner) {
        out.put(component.getName(), write(inner));
      } else {
        out.put(component.getName(), value instanceof Enum<?> e ? e.name() : value);
      }
    }
    return out;
  }

  /**
   * @throws IllegalArgumentException when a component is missing or no value of its type
   */
  public static <R extends Record> R read(Class<R> type, Object from) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int k = 0; k < components.length; k++) {
      types[k] = components[k].getType();
      String name = components[k].getName();
      Object value = from instanceof Map<?, ?> map ? map.get(name) : null;
      values[k] = value(types[k], name, value);
    }
    try {
      var constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (java.lang.reflect.InvocationTargetException e) {
      throw new IllegalArgumentException(e.getCause().getMessage(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }

  private static Object value(Class<?> type, String name, Object value) {
    if (Record.class.isAssignableFrom(type)) {
      return read(type.asSubclass(Record.class), value);
    }
    if (type == boolean.class && value instanceof Boolean) {
      return value;
    }
    if (type == int.class && value instanceof Long n && n == n.intValue()) {
      return n.intValue();
    }
    if (type == long.class && value instanceof Long) {
      return value;
    }
    if (type == double.class && value instanceof Number n) {
      return n.doubleValue();
    }
    if (type == String.class && value instanceof String) {
      return value;
    }
    if (type.isEnum() && value instanceof String text) {
      for (Object constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(text)) {
          return constant;
        }
      }
    }
    throw new IllegalArgumentException("'" + name + "' is " + value + ", expected " + type);
  }
}
