package org.cellweave.io.hdf5;

import java.nio.charset.StandardCharsets;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;

/** Strings as the library wants them: an array of addresses of NUL-terminated bytes. */
final class TextBlock implements AutoCloseable {
  private final BytePointer bytes;
  private final LongPointer pointers;

  TextBlock(String[] values, String key) {
    byte[][] encoded = new byte[values.length][];
    long total = 0;
    for (int i = 0; i < values.length; i++) {
      String value = values[i] == null ? "" : values[i];
      if (value.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(
            "'"
                + key
                + "' holds text with a NUL character at position "
                + i
                + ", which HDF5 cannot store; remove it");
      }
      encoded[i] = value.getBytes(StandardCharsets.UTF_8);
      total += encoded[i].length + 1L;
    }
    bytes = new BytePointer(Math.max(1, total));
    pointers = new LongPointer(Math.max(1, values.length));
    long at = 0;
    for (int i = 0; i < values.length; i++) {
      pointers.put(i, bytes.address() + at);
      bytes.position(at).put(encoded[i], 0, encoded[i].length);
      bytes.position(at + encoded[i].length).put((byte) 0);
      at += encoded[i].length + 1L;
      bytes.position(0);
    }
  }

  LongPointer pointers() {
    return pointers;
  }

  @Override
  public void close() {
    pointers.close();
    bytes.close();
  }
}
