package org.cellweave.io.zarr;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.cellweave.data.NdArray;
import org.cellweave.data.RecordArray;
import org.cellweave.io.binary.Filler;
import org.cellweave.io.binary.Fillers;

/** Records as bytes: text of the length of the longest, in UTF-32, as NumPy has it. */
final class RecordBytes {
  private static final int CHARACTER = 4;
  private static final int LARGEST = 1 << 20;

  private final List<Field> fields = new ArrayList<>();
  private final int size;

  private record Field(String name, int offset, int size, NdArray values, Filler numbers) {}

  RecordBytes(RecordArray records, String key) {
    int at = 0;
    for (Map.Entry<String, NdArray> e : records.fields().entrySet()) {
      NdArray values = e.getValue();
      int bytes = values.isText() ? CHARACTER * longest(values) : values.dtype().bytes();
      Filler numbers =
          values.isText() ? null : Fillers.primitives(values.dtype(), values.data(), key);
      fields.add(new Field(e.getKey(), at, bytes, values, numbers));
      at = Math.addExact(at, bytes);
      if (at > LARGEST) {
        throw new IllegalArgumentException(
            "'"
                + key
                + "' has records of more than 1 MiB, because of a long text in '"
                + e.getKey()
                + "'");
      }
    }
    this.size = at;
  }

  private static int longest(NdArray values) {
    int most = 1;
    for (String text : values.texts()) {
      most = Math.max(most, text == null ? 0 : text.codePointCount(0, text.length()));
    }
    return most;
  }

  ArrayDocument.Elements elements() {
    var list = new JsonArray();
    var v2 = new JsonArray();
    var fill = new JsonObject();
    for (Field f : fields) {
      ArrayDocument.Elements of =
          f.values().isText() ? null : ArrayDocument.Elements.numbers(f.values().dtype());
      var field = new JsonObject();
      field.addProperty("name", f.name());
      field.add("data_type", of == null ? utf32(f.size()) : of.v3());
      list.add(field);
      var pair = new JsonArray();
      pair.add(f.name());
      pair.add(of == null ? new JsonPrimitive("<U" + f.size() / CHARACTER) : of.v2());
      v2.add(pair);
      fill.add(f.name(), of == null ? new JsonPrimitive("") : of.fill());
    }
    var fieldsOf = new JsonObject();
    fieldsOf.add("fields", list);
    JsonElement zeros = new JsonPrimitive(Base64.getEncoder().encodeToString(new byte[size]));
    return new ArrayDocument.Elements(named("struct", fieldsOf), v2, fill, zeros, size);
  }

  private static JsonObject utf32(int bytes) {
    var length = new JsonObject();
    length.addProperty("length_bytes", bytes);
    return named("fixed_length_utf32", length);
  }

  private static JsonObject named(String name, JsonObject configuration) {
    var out = new JsonObject();
    out.addProperty("name", name);
    out.add("configuration", configuration);
    return out;
  }

  Filler values() {
    Charset charset = FillBytes.utf32(ByteOrder.LITTLE_ENDIAN);
    return (from, count, to) -> {
      for (int i = 0; i < count; i++) {
        for (Field f : fields) {
          ByteBuffer one = to.slice(to.position() + i * size + f.offset(), f.size());
          if (f.numbers() != null) {
            f.numbers().fill(from + i, 1, one.order(ByteOrder.LITTLE_ENDIAN));
          } else {
            String text = f.values().texts()[(int) from + i];
            one.put(text == null ? new byte[0] : text.getBytes(charset));
          }
        }
      }
    };
  }
}
