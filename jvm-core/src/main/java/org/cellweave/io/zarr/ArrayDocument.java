package org.cellweave.io.zarr;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import org.cellweave.matrix.DType;

/** The metadata of a new array, as zarr-python spells them. */
final class ArrayDocument {
  private ArrayDocument() {}

  /** What elements are: how the versions call them, and their value where nothing is written. */
  record Elements(JsonElement v3, JsonElement v2, JsonElement fill, JsonElement v2Fill, int size) {
    static Elements numbers(DType type) {
      JsonElement zero =
          type == DType.BOOL
              ? new JsonPrimitive(false)
              : type.isFloating() ? new JsonPrimitive(0.0) : new JsonPrimitive(0);
      return new Elements(
          new JsonPrimitive(type.numpyName()),
          new JsonPrimitive(v2Name(type)),
          zero,
          zero,
          type.bytes());
    }

    static Elements texts() {
      var none = new JsonPrimitive("");
      return new Elements(new JsonPrimitive("string"), new JsonPrimitive("|O"), none, none, 0);
    }

    boolean isText() {
      return size == 0;
    }
  }

  static String v2Name(DType type) {
    String letter =
        type == DType.BOOL ? "b" : type.isFloating() ? "f" : type.isSigned() ? "i" : "u";
    return (type.bytes() == 1 ? "|" : "<") + letter + type.bytes();
  }

  static JsonObject of(Elements of, ChunkGrid grid, ZarrOptions options) {
    return options.version() == 2 ? v2(of, grid, options) : v3(of, grid, options);
  }

  private static JsonArray list(long[] values) {
    var out = new JsonArray();
    for (long v : values) {
      out.add(v);
    }
    return out;
  }

  private static JsonArray list(int[] values) {
    var out = new JsonArray();
    for (int v : values) {
      out.add(v);
    }
    return out;
  }

  private static JsonObject named(String name, JsonObject configuration) {
    var out = new JsonObject();
    out.addProperty("name", name);
    if (configuration != null) {
      out.add("configuration", configuration);
    }
    return out;
  }

  private static JsonObject one(String name, JsonElement value) {
    var out = new JsonObject();
    out.add(name, value);
    return out;
  }

  // ---------------------------------------------------------------------------- version 3

  private static JsonObject v3(Elements of, ChunkGrid grid, ZarrOptions options) {
    var out = new JsonObject();
    out.add("shape", list(grid.shape()));
    out.add("data_type", of.v3());
    out.add("chunk_grid", named("regular", one("chunk_shape", list(grid.shard()))));
    out.add("chunk_key_encoding", named("default", one("separator", new JsonPrimitive("/"))));
    out.add("fill_value", of.fill());
    JsonArray codecs = codecs(of, options);
    if (grid.isSharded()) {
      var index = new JsonArray();
      index.add(bytes());
      index.add(named("crc32c", null));
      JsonObject sharding = one("chunk_shape", list(grid.chunk()));
      sharding.add("codecs", codecs);
      sharding.add("index_codecs", index);
      sharding.addProperty("index_location", "end");
      codecs = new JsonArray();
      codecs.add(named("sharding_indexed", sharding));
    }
    out.add("codecs", codecs);
    return out;
  }

  private static JsonObject bytes() {
    return named("bytes", one("endian", new JsonPrimitive("little")));
  }

  private static JsonArray codecs(Elements of, ZarrOptions options) {
    var out = new JsonArray();
    out.add(of.isText() ? named("vlen-utf8", new JsonObject()) : bytes());
    ByteCodec codec = options.codec(of.size());
    if (codec == null) {
      return out;
    }
    var c = new JsonObject();
    if (codec instanceof Codecs.Zstandard z) {
      c.addProperty("level", z.level());
      c.addProperty("checksum", false);
    } else if (codec instanceof Codecs.Deflate d) {
      c.addProperty("level", d.level());
    } else if (codec instanceof Codecs.BloscCodec b) {
      c.addProperty("typesize", b.typeSize());
      c.addProperty("cname", b.compressor());
      c.addProperty("clevel", b.level());
      c.addProperty("shuffle", "shuffle");
      c.addProperty("blocksize", 0);
    }
    out.add(named(codec.name(), c));
    return out;
  }

  // ---------------------------------------------------------------------------- version 2

  private static JsonObject v2(Elements of, ChunkGrid grid, ZarrOptions options) {
    var out = new JsonObject();
    out.add("shape", list(grid.shape()));
    out.add("chunks", list(grid.chunk()));
    out.add("dtype", of.v2());
    out.add("fill_value", of.v2Fill());
    out.addProperty("order", "C");
    JsonElement filters = JsonNull.INSTANCE;
    if (of.isText()) {
      var list = new JsonArray();
      list.add(one("id", new JsonPrimitive("vlen-utf8")));
      filters = list;
    }
    out.add("filters", filters);
    out.addProperty("dimension_separator", ".");
    out.add("compressor", compressor(options.codec(of.size())));
    out.addProperty("zarr_format", 2);
    return out;
  }

  private static JsonElement compressor(ByteCodec codec) {
    if (codec == null) {
      return JsonNull.INSTANCE;
    }
    JsonObject out = one("id", new JsonPrimitive(codec.name()));
    if (codec instanceof Codecs.Zstandard z) {
      out.addProperty("level", z.level());
      out.addProperty("checksum", false);
    } else if (codec instanceof Codecs.Deflate d) {
      out.addProperty("level", d.level());
    } else if (codec instanceof Codecs.BloscCodec b) {
      out.addProperty("cname", b.compressor());
      out.addProperty("clevel", b.level());
      out.addProperty("shuffle", 1);
      out.addProperty("blocksize", 0);
    }
    return out;
  }
}
