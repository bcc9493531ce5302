package org.cellweave.io.zarr;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cellweave.io.binary.Fillers;
import org.cellweave.io.store.StoreGroup;
import org.cellweave.io.store.StoreNode;
import org.cellweave.io.store.StoredElement;
import org.cellweave.io.store.StoredType;
import org.cellweave.matrix.DType;

/** Reads an element of unknown encoding down to its last value. */
final class KeptReader {
  private static final int DEEPEST = 100;

  private final ZarrSource source;

  KeptReader(ZarrSource source) {
    this.source = source;
  }

  /**
   * @throws org.cellweave.util.FormatException names the part that cannot be kept
   */
  StoredElement read(StoreNode node, String key) {
    return read(node, key, 0);
  }

  private StoredElement read(StoreNode node, String key, int depth) {
    source.step();
    if (depth > DEEPEST) {
      throw source.bad(key, "is nested deeper than " + DEEPEST + " levels");
    }
    Map<String, StoredElement.Values> attributes = new TreeMap<>();
    ((ZarrNode) node)
        .attributes
        .entrySet()
        .forEach(e -> attributes.put(e.getKey(), attribute(e.getValue(), e.getKey(), key)));
    if (node instanceof StoreGroup group) {
      Map<String, StoredElement> members = new LinkedHashMap<>();
      source
          .children(group, key)
          .forEach((name, child) -> members.put(name, read(child, key + "/" + name, depth + 1)));
      return new StoredElement.Branch(attributes, members);
    }
    return new StoredElement.Leaf(attributes, values(source.array(node, key)), null, 0);
  }

  // -------------------------------------------------------------------------------- values

  private StoredElement.Values values(ZarrArray a) {
    if (a.type().isText()) {
      return texts(a.dims(), a.texts());
    }
    if (a.type().isNumeric()) {
      return numbers(a.type().dtype(), a.dims(), a.numbers(), a.key());
    }
    throw source.bad(a.key(), "holds " + a.type().describe() + ", which cannot be written anew");
  }

  private static StoredElement.Values numbers(DType type, long[] shape, Object values, String key) {
    int n = java.lang.reflect.Array.getLength(values);
    ByteBuffer out =
        ByteBuffer.allocate(Math.multiplyExact(n, type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    Fillers.primitives(type, values, key).fill(0, n, out);
    return new StoredElement.Values(new StoredType.Primitive(type), shape, out.array(), List.of());
  }

  private static StoredElement.Values texts(long[] shape, String[] values) {
    List<byte[]> parts = new ArrayList<>();
    var bytes = new ByteArrayOutputStream();
    ByteBuffer one = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    for (String text : values) {
      bytes.write(one.putLong(0, parts.size()).array(), 0, 8);
      parts.add(text.getBytes(StandardCharsets.UTF_8));
    }
    return new StoredElement.Values(new StoredType.Text(true), shape, bytes.toByteArray(), parts);
  }

  // ---------------------------------------------------------------------------- attributes

  private StoredElement.Values attribute(JsonElement e, String name, String key) {
    JsonArray list = e instanceof JsonArray a ? a : null;
    List<JsonElement> all = list == null ? List.of(e) : list.asList();
    long[] shape = list == null ? new long[0] : new long[] {all.size()};
    if (all.isEmpty()) {
      return numbers(DType.FLOAT64, shape, new double[0], key);
    }
    if (all.stream().allMatch(v -> v instanceof JsonPrimitive p && p.isString())) {
      return texts(shape, all.stream().map(JsonElement::getAsString).toArray(String[]::new));
    }
    if (all.stream().allMatch(v -> v instanceof JsonPrimitive p && p.isBoolean())) {
      boolean[] values = new boolean[all.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = all.get(i).getAsBoolean();
      }
      return numbers(DType.BOOL, shape, values, key);
    }
    if (all.stream().allMatch(v -> v instanceof JsonPrimitive p && p.isNumber())) {
      return numbers(all, shape, key);
    }
    throw source.bad(key, "has an attribute '" + name + "' of values that cannot be kept");
  }

  private static StoredElement.Values numbers(List<JsonElement> all, long[] shape, String key) {
    return all.stream().allMatch(v -> v.getAsString().matches("-?\\d{1,18}"))
        ? numbers(DType.INT64, shape, all.stream().mapToLong(JsonElement::getAsLong).toArray(), key)
        : numbers(
            DType.FLOAT64,
            shape,
            all.stream().mapToDouble(JsonElement::getAsDouble).toArray(),
            key);
  }
}
