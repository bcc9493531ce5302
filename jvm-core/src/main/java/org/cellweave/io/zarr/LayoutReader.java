package org.cellweave.io.zarr;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Makes an {@link ArrayLayout} of the metadata of version 2 or 3. */
final class LayoutReader {
  private static final int MOST_AXES = 32;
  private static final int MOST_CODECS = 16;
  private static final int MOST_CHUNK = Integer.MAX_VALUE - 64;

  private LayoutReader() {}

  /**
   * @throws RuntimeException says what is wrong with the metadata
   */
  static ArrayLayout read(JsonObject meta, boolean v3) {
    return v3 ? v3(meta) : v2(meta);
  }

  private static long[] shape(JsonElement e) {
    JsonArray list = list(e, "shape");
    long[] out = new long[list.size()];
    long n = 1;
    for (int d = 0; d < out.length; d++) {
      out[d] = list.get(d).getAsLong();
      if (out[d] < 0) {
        throw new IllegalStateException("has shape " + list);
      }
      n = Math.multiplyExact(n, Math.max(1, out[d]));
    }
    return out;
  }

  private static JsonArray list(JsonElement e, String name) {
    if (e instanceof JsonArray a && a.size() <= MOST_AXES) {
      return a;
    }
    throw new IllegalStateException("has no '" + name + "' of at most " + MOST_AXES + " numbers");
  }

  private static int[] chunk(JsonElement e, String name, int rank) {
    JsonArray list = list(e, name);
    int[] out = new int[list.size()];
    for (int d = 0; d < out.length; d++) {
      long n = list.get(d).getAsLong();
      if (n < 1 || n > MOST_CHUNK) {
        throw new IllegalStateException("has '" + name + "' " + list);
      }
      out[d] = (int) n;
    }
    if (out.length != rank) {
      throw new IllegalStateException("has '" + name + "' " + list + " for " + rank + " axes");
    }
    return out;
  }

  private static ArrayLayout checked(ArrayLayout a) {
    long bytes = Math.max(1, a.type().size());
    for (int c : a.chunk()) {
      bytes = Math.multiplyExact(bytes, (long) c);
    }
    if (bytes > MOST_CHUNK) {
      throw new IllegalStateException(
          "has chunks of " + Arrays.toString(a.chunk()) + ", larger than 2 GiB");
    }
    return a;
  }

  // ---------------------------------------------------------------------------- version 3

  private static ArrayLayout v3(JsonObject meta) {
    long[] shape = shape(meta.get("shape"));
    JsonObject grid = object(meta.get("chunk_grid"), "chunk_grid");
    requireName(grid, "regular", "chunk grid");
    int[] stored = chunk(configuration(grid).get("chunk_shape"), "chunk_shape", shape.length);
    JsonArray codecs = list(meta.get("codecs"), "codecs");
    ArrayLayout.Shard shard = null;
    int[] chunk = stored;
    if (codecs.size() == 1 && name(codecs.get(0)).equals("sharding_indexed")) {
      JsonObject c = configuration(codecs.get(0).getAsJsonObject());
      chunk = chunk(c.get("chunk_shape"), "chunk_shape of shards", shape.length);
      for (int d = 0; d < chunk.length; d++) {
        if (stored[d] % chunk[d] != 0) {
          throw new IllegalStateException(
              "has shards of " + Arrays.toString(stored) + " in " + Arrays.toString(chunk));
        }
      }
      codecs = list(c.get("codecs"), "codecs");
      boolean start =
          c.has("index_location") && c.get("index_location").getAsString().equals("start");
      shard = new ArrayLayout.Shard(!start, isChecked(list(c.get("index_codecs"), "index_codecs")));
    }
    var pipeline = new Pipeline(codecs);
    ZarrType type = ZarrType.v3(meta.get("data_type"), pipeline.endian);
    pipeline.requireFor(type);
    JsonElement fill = meta.get("fill_value");
    String[] keys = keys(meta);
    return checked(
        new ArrayLayout(
            type,
            shape,
            stored,
            chunk,
            shard,
            pipeline.order == null ? null : permutation(pipeline.order, shape.length),
            pipeline.codecs,
            FillBytes.of(fill, type),
            text(fill),
            keys[0],
            keys[1]));
  }

  private static String[] keys(JsonObject meta) {
    JsonObject encoding = object(meta.get("chunk_key_encoding"), "chunk_key_encoding");
    boolean v2 = name(encoding).equals("v2");
    if (!v2) {
      requireName(encoding, "default", "chunk key encoding");
    }
    JsonElement separator = configuration(encoding).get("separator");
    String between = separator == null ? (v2 ? "." : "/") : separator.getAsString();
    return new String[] {requireSeparator(between), v2 ? "" : "c"};
  }

  private static String requireSeparator(String text) {
    if (!text.equals(".") && !text.equals("/")) {
      throw new IllegalStateException("has the separator '" + text + "', expected '.' or '/'");
    }
    return text;
  }

  private static String text(JsonElement fill) {
    return fill != null && fill.isJsonPrimitive() && fill.getAsJsonPrimitive().isString()
        ? fill.getAsString()
        : "";
  }

  private static boolean isChecked(JsonArray codecs) {
    boolean crc = false;
    for (JsonElement e : codecs) {
      String name = name(e);
      boolean big =
          name.equals("bytes")
              && configuration(e.getAsJsonObject()).has("endian")
              && !configuration(e.getAsJsonObject()).get("endian").getAsString().equals("little");
      if (big || (!name.equals("bytes") && !name.equals("crc32c"))) {
        throw new IllegalStateException(
            "has the codec '" + name + "' for its table of chunks, which cannot be read here");
      }
      crc |= name.equals("crc32c");
    }
    return crc;
  }

  private static JsonObject object(JsonElement e, String name) {
    if (e instanceof JsonObject o) {
      return o;
    }
    throw new IllegalStateException("has no '" + name + "'");
  }

  private static void requireName(JsonObject o, String expected, String what) {
    if (!name(o).equals(expected)) {
      throw new IllegalStateException(
          "has the " + what + " '" + name(o) + "', expected '" + expected + "'");
    }
  }

  static String name(JsonElement e) {
    if (e instanceof JsonObject o && o.get("name") != null && o.get("name").isJsonPrimitive()) {
      return o.get("name").getAsString();
    }
    if (e != null && e.isJsonPrimitive()) {
      return e.getAsString();
    }
    throw new IllegalStateException("has a part without a name");
  }

  private static JsonObject configuration(JsonElement e) {
    return e instanceof JsonObject o && o.get("configuration") instanceof JsonObject c
        ? c
        : new JsonObject();
  }

  private static int[] permutation(JsonElement e, int rank) {
    if (e.isJsonPrimitive()) {
      return e.getAsString().equals("F") ? reversed(rank) : null;
    }
    int[] out = new int[rank];
    boolean[] seen = new boolean[rank];
    boolean plain = true;
    if (e.getAsJsonArray().size() != rank) {
      throw new IllegalStateException("has the codec 'transpose' with order " + e);
    }
    for (int d = 0; d < rank; d++) {
      out[d] = e.getAsJsonArray().get(d).getAsInt();
      if (out[d] < 0 || out[d] >= rank || seen[out[d]]) {
        throw new IllegalStateException("has the codec 'transpose' with order " + e);
      }
      seen[out[d]] = true;
      plain &= out[d] == d;
    }
    return plain ? null : out;
  }

  private static int[] reversed(int rank) {
    int[] out = new int[rank];
    for (int d = 0; d < rank; d++) {
      out[d] = rank - 1 - d;
    }
    return rank < 2 ? null : out;
  }

  /** The codecs of one chunk. */
  private static final class Pipeline {
    final List<ByteCodec> codecs = new ArrayList<>();
    ByteOrder endian = ByteOrder.LITTLE_ENDIAN;
    JsonElement order;
    String toBytes = "";

    Pipeline(JsonArray list) {
      if (list.size() > MOST_CODECS) {
        throw new IllegalStateException("has " + list.size() + " codecs");
      }
      for (JsonElement e : list) {
        add(name(e), configuration(e));
      }
    }

    private void add(String name, JsonObject c) {
      switch (name) {
        case "transpose" -> {
          if (order != null || !toBytes.isEmpty()) {
            throw new IllegalStateException("has the codec 'transpose' twice or too late");
          }
          order = c.get("order");
        }
        case "bytes", "endian" -> {
          requireFirst(name);
          boolean big = c.has("endian") && c.get("endian").getAsString().equals("big");
          endian = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        }
        case "vlen-utf8", "vlen-bytes" -> requireFirst(name);
        case "sharding_indexed" ->
            throw new IllegalStateException(
                "has the codec 'sharding_indexed' among others, which cannot be read here");
        default -> codecs.add(CodecReader.of(name.replaceFirst("^numcodecs\\.", ""), name, c));
      }
    }

    private void requireFirst(String name) {
      if (!toBytes.isEmpty() || !codecs.isEmpty()) {
        throw new IllegalStateException("has the codec '" + name + "' after others");
      }
      toBytes = name;
    }

    void requireFor(ZarrType type) {
      String expected = type.kind() == ZarrType.Kind.TEXT ? "vlen-utf8" : "bytes";
      boolean fits = toBytes.equals(expected) || (toBytes.equals("endian") && type.isNumeric());
      if (!fits) {
        throw new IllegalStateException(
            "has the codec '" + toBytes + "' for " + type.describe() + ", expected " + expected);
      }
    }
  }

  // ---------------------------------------------------------------------------- version 2

  private static ArrayLayout v2(JsonObject meta) {
    long[] shape = shape(meta.get("shape"));
    int[] chunk = chunk(meta.get("chunks"), "chunks", shape.length);
    List<ByteCodec> codecs = new ArrayList<>();
    boolean texts = false;
    if (meta.get("filters") instanceof JsonArray filters) {
      for (JsonElement e : list(filters, "filters")) {
        String id = id(e);
        if (id.equals("vlen-utf8") && codecs.isEmpty()) {
          texts = true;
        } else {
          codecs.add(CodecReader.of(id, id, e.getAsJsonObject()));
        }
      }
    }
    if (meta.get("compressor") instanceof JsonObject compressor) {
      codecs.add(CodecReader.of(id(compressor), id(compressor), compressor));
    }
    ZarrType type = ZarrType.v2(meta.get("dtype"), texts);
    boolean fortran = meta.has("order") && meta.get("order").getAsString().equals("F");
    JsonElement separator = meta.get("dimension_separator");
    JsonElement fill = meta.get("fill_value");
    return checked(
        new ArrayLayout(
            type,
            shape,
            chunk,
            chunk,
            null,
            fortran ? reversed(shape.length) : null,
            Collections.unmodifiableList(codecs),
            FillBytes.of(fill, type),
            text(fill),
            separator == null ? "." : requireSeparator(separator.getAsString()),
            ""));
  }

  private static String id(JsonElement e) {
    if (e instanceof JsonObject o && o.get("id") != null) {
      return o.get("id").getAsString();
    }
    throw new IllegalStateException("has a codec without 'id'");
  }
}
