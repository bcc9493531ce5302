package org.cellweave.io.zarr;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.cellweave.io.store.OneLine;

/** Makes codecs of what metadata say of them. */
final class CodecReader {
  private CodecReader() {}

  /**
   * @param kind without what a version puts before it
   * @param name as the store spells it
   * @throws IllegalStateException for a codec that is not known here
   */
  static ByteCodec of(String kind, String name, JsonObject c) {
    return switch (kind) {
      case "zstd" -> new Codecs.Zstandard(name, number(c, "level", 0), flag(c, "checksum"));
      case "gzip" -> new Codecs.Deflate(name, level(c), true);
      case "zlib" -> new Codecs.Deflate(name, level(c), false);
      case "crc32c" -> new Codecs.Crc32c(name);
      case "blosc" ->
          new Codecs.BloscCodec(
              name,
              c.has("cname") ? c.get("cname").getAsString() : "lz4",
              number(c, "clevel", 5),
              1,
              number(c, "typesize", 1));
      case "shuffle" ->
          new Codecs.Shuffled(name, Math.max(1, Math.min(1 << 16, number(c, "elementsize", 4))));
      default ->
          throw new IllegalStateException(
              "has the codec '"
                  + OneLine.of(name)
                  + "', which is not known here; write it again"
                  + " with zstd, gzip or blosc");
    };
  }

  private static int level(JsonObject c) {
    return Math.max(-1, Math.min(9, number(c, "level", -1)));
  }

  private static int number(JsonObject c, String name, int otherwise) {
    JsonElement e = c.get(name);
    return e != null && e.isJsonPrimitive() && e.getAsJsonPrimitive().isNumber()
        ? e.getAsInt()
        : otherwise;
  }

  private static boolean flag(JsonObject c, String name) {
    JsonElement e = c.get(name);
    return e != null && e.isJsonPrimitive() && e.getAsBoolean();
  }
}
