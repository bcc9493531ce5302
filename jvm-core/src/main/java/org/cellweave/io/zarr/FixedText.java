package org.cellweave.io.zarr;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Text of a fixed number of bytes, as NumPy's U and S. */
final class FixedText {
  private FixedText() {}

  static String[] of(ZarrArray a) {
    int n = a.flatSize();
    String[] out = new String[n];
    int size = a.type().size();
    if (size == 0 || n == 0) {
      java.util.Arrays.fill(out, "");
      return out;
    }
    a.forPieces(
        (from, count, bytes) -> {
          for (int i = 0; i < count; i++) {
            out[(int) from + i] = one(bytes, bytes.position() + i * size, a.type());
          }
        });
    return out;
  }

  /** The text at a place, without the zeros behind it. */
  static String one(ByteBuffer bytes, int at, ZarrType type) {
    int unit = type.utf32() ? 4 : 1;
    int end = type.size();
    while (end >= unit && isZero(bytes, at + end - unit, unit)) {
      end -= unit;
    }
    byte[] text = new byte[end];
    for (int b = 0; b < end; b++) {
      text[b] = bytes.get(at + b);
    }
    Charset charset = type.utf32() ? FillBytes.utf32(type.order()) : StandardCharsets.UTF_8;
    return new String(text, charset);
  }

  private static boolean isZero(ByteBuffer bytes, int at, int n) {
    for (int b = 0; b < n; b++) {
      if (bytes.get(at + b) != 0) {
        return false;
      }
    }
    return true;
  }
}
