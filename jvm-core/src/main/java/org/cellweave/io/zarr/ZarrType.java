package org.cellweave.io.zarr;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cellweave.io.store.ElementType;
import org.cellweave.io.store.OneLine;
import org.cellweave.matrix.DType;

/**
 * What one element of a zarr array is.
 *
 * @param dtype for numbers and booleans, else null
 * @param order of the bytes of numbers and of text in UTF-32
 * @param size bytes of one element; 0 for text of any length
 * @param utf32 whether text of fixed length is in UTF-32, not in bytes
 * @param fields of records, else empty
 * @param name as the store spells it
 */
record ZarrType(
    Kind kind,
    DType dtype,
    ByteOrder order,
    int size,
    boolean utf32,
    List<Field> fields,
    String name)
    implements ElementType {
  private static final int LARGEST = 1 << 20;
  private static final int MOST_FIELDS = 1 << 12;
  private static final int DEEPEST = 4;
  private static final Pattern V2 = Pattern.compile("([<>|=])([a-zA-Z])(\\d{1,9})(\\[\\w+])?");
  private static final Map<String, DType> NUMBERS =
      Map.ofEntries(
          Map.entry("bool", DType.BOOL),
          Map.entry("int8", DType.INT8),
          Map.entry("int16", DType.INT16),
          Map.entry("int32", DType.INT32),
          Map.entry("int64", DType.INT64),
          Map.entry("uint8", DType.UINT8),
          Map.entry("uint16", DType.UINT16),
          Map.entry("uint32", DType.UINT32),
          Map.entry("uint64", DType.UINT64),
          Map.entry("float16", DType.FLOAT16),
          Map.entry("float32", DType.FLOAT32),
          Map.entry("float64", DType.FLOAT64));

  /**
   * A field of records.
   *
   * @param width values in each record
   */
  record Field(String name, int offset, ZarrType type, int width, boolean isArray) {}

  private static ZarrType number(DType type, ByteOrder order, String name) {
    Kind kind = type == DType.BOOL ? Kind.BOOLEAN : Kind.NUMBER;
    return new ZarrType(kind, type, order, type.bytes(), false, List.of(), name);
  }

  private static ZarrType text(String name) {
    return new ZarrType(Kind.TEXT, null, ByteOrder.LITTLE_ENDIAN, 0, false, List.of(), name);
  }

  private static ZarrType fixedText(int size, boolean utf32, ByteOrder order, String name) {
    return new ZarrType(Kind.FIXED_TEXT, null, order, size, utf32, List.of(), name);
  }

  private static ZarrType other(int size, String name) {
    return new ZarrType(Kind.OTHER, null, ByteOrder.LITTLE_ENDIAN, size, false, List.of(), name);
  }

  private ZarrType checked() {
    if (size < 0 || size > LARGEST || (size == 0 && kind != Kind.TEXT && kind != Kind.FIXED_TEXT)) {
      throw new IllegalStateException("has elements of " + size + " bytes (" + name + ")");
    }
    return this;
  }

  // ---------------------------------------------------------------------------- version 3

  /**
   * @param order what the codec 'bytes' says
   * @throws IllegalStateException for what is no type
   */
  static ZarrType v3(JsonElement type, ByteOrder order) {
    return v3(type, order, 0).checked();
  }

  private static ZarrType v3(JsonElement type, ByteOrder order, int depth) {
    JsonObject more = new JsonObject();
    String name;
    if (type instanceof JsonObject o && o.get("name") != null) {
      name = o.get("name").getAsString();
      more = o.get("configuration") instanceof JsonObject c ? c : more;
    } else if (type != null && type.isJsonPrimitive()) {
      name = type.getAsString();
    } else {
      throw new IllegalStateException("has no data type");
    }
    if (NUMBERS.containsKey(name)) {
      return number(NUMBERS.get(name), order, name);
    }
    return switch (name) {
      case "string" -> text(name);
      case "fixed_length_utf32" -> fixedText(bytes(more), true, order, name);
      case "null_terminated_bytes" -> fixedText(bytes(more), false, order, name);
      case "raw_bytes" -> other(bytes(more), name);
      case "complex64" -> other(8, name);
      case "complex128" -> other(16, name);
      case "numpy.datetime64", "numpy.timedelta64" -> other(8, name);
      case "struct", "structured" -> records(more.getAsJsonArray("fields"), order, depth, name);
      default -> throw new IllegalStateException("has the unknown data type '" + name + "'");
    };
  }

  private static int bytes(JsonObject configuration) {
    return configuration.get("length_bytes").getAsInt();
  }

  private static ZarrType records(JsonArray list, ByteOrder order, int depth, String name) {
    List<Field> fields = new ArrayList<>();
    int at = requireFields(list, depth);
    for (JsonElement e : list) {
      JsonElement label = e instanceof JsonObject o ? o.get("name") : e.getAsJsonArray().get(0);
      JsonElement of = e instanceof JsonObject o ? o.get("data_type") : e.getAsJsonArray().get(1);
      ZarrType type = v3(of, order, depth + 1).checked();
      fields.add(new Field(label.getAsString(), at, requireFixed(type), 1, false));
      at += type.size();
    }
    return new ZarrType(Kind.COMPOUND, null, order, at, false, List.copyOf(fields), name);
  }

  private static int requireFields(JsonArray list, int depth) {
    if (list == null || list.isEmpty() || list.size() > MOST_FIELDS || depth > DEEPEST) {
      throw new IllegalStateException("has records without fields, or with too many");
    }
    return 0;
  }

  private static ZarrType requireFixed(ZarrType type) {
    if (type.kind == Kind.TEXT) {
      throw new IllegalStateException("has records with text of any length, which zarr has not");
    }
    return type;
  }

  // ---------------------------------------------------------------------------- version 2

  /**
   * @param texts whether a filter says that objects are text
   * @throws IllegalStateException for what is no type
   */
  static ZarrType v2(JsonElement type, boolean texts) {
    return v2(type, texts, 0).checked();
  }

  private static ZarrType v2(JsonElement type, boolean texts, int depth) {
    if (type instanceof JsonArray list) {
      return v2Records(list, depth);
    }
    if (type == null || !type.isJsonPrimitive()) {
      throw new IllegalStateException("has no data type");
    }
    String name = type.getAsString();
    if (name.equals("|O")) {
      return texts ? text(name) : other(8, name);
    }
    Matcher m = V2.matcher(name);
    if (!m.matches()) {
      throw new IllegalStateException("has the unknown data type '" + OneLine.of(name) + "'");
    }
    ByteOrder order = m.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    int size = Integer.parseInt(m.group(3));
    return switch (m.group(2)) {
      case "b" -> v2Number("bool", name, size, 1, order);
      case "i" -> v2Number("int" + 8L * size, name, size, size, order);
      case "u" -> v2Number("uint" + 8L * size, name, size, size, order);
      case "f" -> v2Number("float" + 8L * size, name, size, size, order);
      case "U" -> fixedText(Math.multiplyExact(4, size), true, order, name);
      case "S" -> fixedText(size, false, order, name);
      default -> other(size, name);
    };
  }

  private static ZarrType v2Number(String of, String name, int size, int is, ByteOrder order) {
    if (!NUMBERS.containsKey(of) || size != is) {
      throw new IllegalStateException("has the unknown data type '" + name + "'");
    }
    return number(NUMBERS.get(of), order, name);
  }

  private static ZarrType v2Records(JsonArray list, int depth) {
    List<Field> fields = new ArrayList<>();
    int at = requireFields(list, depth);
    for (JsonElement e : list) {
      JsonArray field = e.getAsJsonArray();
      ZarrType type = requireFixed(v2(field.get(1), false, depth + 1).checked());
      int width = 1;
      if (field.size() > 2) {
        for (JsonElement d : field.get(2).getAsJsonArray()) {
          width = Math.multiplyExact(width, d.getAsInt());
        }
      }
      fields.add(new Field(field.get(0).getAsString(), at, type, width, field.size() > 2));
      at = Math.addExact(at, Math.multiplyExact(width, type.size()));
    }
    return new ZarrType(
        Kind.COMPOUND, null, ByteOrder.LITTLE_ENDIAN, at, false, List.copyOf(fields), "records");
  }

  // ------------------------------------------------------------------------------ asked for

  @Override
  public int storedSize() {
    return size;
  }

  @Override
  public boolean isFixedAscii() {
    return kind == Kind.FIXED_TEXT && !utf32;
  }

  @Override
  public boolean isComplex() {
    return false;
  }

  @Override
  public String describe() {
    if (isNumeric()) {
      return dtype.numpyName();
    }
    return switch (kind) {
      case COMPOUND -> "compound records";
      case OTHER -> "values of type " + OneLine.of(name);
      default -> kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }
}
