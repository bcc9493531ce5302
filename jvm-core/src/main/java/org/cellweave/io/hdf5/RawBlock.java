package org.cellweave.io.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A piece of a file's own bookkeeping, little-endian. */
final class RawBlock {
  private RawBlock() {}

  /**
   * The block at an address, read up to the byte behind its version.
   *
   * @param signature the four letters that it must start with
   */
  static ByteBuffer at(H5Source source, String key, long address, long length, String signature) {
    if (length < 8 || length > source.available()) {
      throw source.bad(key, "has a block of " + length + " bytes; the file is damaged");
    }
    ByteBuffer out = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    source.read(address, out, key);
    out.flip();
    for (int i = 0; i < signature.length(); i++) {
      if (out.get() != signature.charAt(i)) {
        throw source.bad(key, "lacks the block " + signature + "; the file is damaged");
      }
    }
    out.get();
    return out;
  }

  /** An unsigned number of up to eight bytes. */
  static long number(ByteBuffer from, int bytes) {
    long out = 0;
    for (int b = 0; b < bytes; b++) {
      out |= (from.get() & 0xffL) << (8 * b);
    }
    return out;
  }
}
