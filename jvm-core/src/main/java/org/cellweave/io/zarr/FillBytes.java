package org.cellweave.io.zarr;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.cellweave.io.binary.Numbers;
import org.cellweave.matrix.DType;

/** The bytes of an element that was never written, from the fill value of an array's metadata. */
final class FillBytes {
  private FillBytes() {}

  /**
   * @return null when they are all zero
   * @throws RuntimeException when the value does not fit the type
   */
  static byte[] of(JsonElement fill, ZarrType type) {
    byte[] out = new byte[type.size()];
    put(fill, type, ByteBuffer.wrap(out));
    for (byte b : out) {
      if (b != 0) {
        return out;
      }
    }
    return null;
  }

  private static void put(JsonElement fill, ZarrType type, ByteBuffer to) {
    if (fill == null || fill.isJsonNull()) {
      return;
    }
    to.order(type.order());
    switch (type.kind()) {
      case NUMBER, BOOLEAN -> number(fill, type.dtype(), to);
      case FIXED_TEXT -> {
        Charset charset = type.utf32() ? utf32(type.order()) : StandardCharsets.UTF_8;
        bytes(fill.getAsString().getBytes(charset), to);
      }
      case COMPOUND -> records(fill, type, to);
      case OTHER -> {
        if (fill.isJsonPrimitive() && fill.getAsJsonPrimitive().isNumber()) {
          to.putLong(fill.getAsLong());
        }
      }
      default -> {
        // text of any length has no bytes of its own
      }
    }
  }

  static Charset utf32(ByteOrder order) {
    return Charset.forName(order == ByteOrder.BIG_ENDIAN ? "UTF-32BE" : "UTF-32LE");
  }

  private static void bytes(byte[] from, ByteBuffer to) {
    to.put(from, 0, Math.min(from.length, to.remaining()));
  }

  private static void records(JsonElement fill, ZarrType type, ByteBuffer to) {
    if (fill.isJsonPrimitive() && fill.getAsJsonPrimitive().isString()) {
      bytes(Base64.getDecoder().decode(fill.getAsString()), to);
      return;
    }
    List<ZarrType.Field> fields = type.fields();
    for (int f = 0; f < fields.size(); f++) {
      ZarrType.Field field = fields.get(f);
      JsonElement value =
          fill instanceof JsonObject o
              ? o.get(field.name())
              : fill instanceof JsonArray a && f < a.size() ? a.get(f) : null;
      put(value, field.type(), to.slice(field.offset(), field.type().size()));
    }
  }

  private static void number(JsonElement fill, DType type, ByteBuffer to) {
    boolean text = fill.getAsJsonPrimitive().isString();
    if (text && fill.getAsString().startsWith("0x")) {
      bits(Long.parseUnsignedLong(fill.getAsString().substring(2), 16), type.bytes(), to);
      return;
    }
    switch (type) {
      case BOOL -> to.put((byte) (truth(fill) ? 1 : 0));
      case FLOAT16 -> to.putShort(Numbers.floatToHalf((float) real(fill)));
      case FLOAT32 -> to.putFloat((float) real(fill));
      case FLOAT64 -> to.putDouble(real(fill));
      default -> bits(fill.getAsBigDecimal().toBigInteger().longValue(), type.bytes(), to);
    }
  }

  private static boolean truth(JsonElement fill) {
    return fill.getAsJsonPrimitive().isBoolean() ? fill.getAsBoolean() : fill.getAsDouble() != 0;
  }

  private static double real(JsonElement fill) {
    return fill.getAsJsonPrimitive().isString()
        ? Double.parseDouble(fill.getAsString())
        : fill.getAsDouble();
  }

  private static void bits(long value, int bytes, ByteBuffer to) {
    switch (bytes) {
      case 1 -> to.put((byte) value);
      case 2 -> to.putShort((short) value);
      case 4 -> to.putInt((int) value);
      default -> to.putLong(value);
    }
  }
}
