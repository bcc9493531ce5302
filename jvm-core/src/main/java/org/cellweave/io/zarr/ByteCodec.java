package org.cellweave.io.zarr;

import java.nio.ByteBuffer;

/** One step between the bytes of a chunk's elements and those in its file. */
interface ByteCodec {
  /** As the store spells it, for messages. */
  String name();

  /**
   * @param in bytes from the position to the limit, in an array
   * @param expected bytes that must come out, or -1 where that is not known
   * @param scratch may be used for the result when it is long enough; may be null
   * @throws IllegalStateException says what is wrong with the bytes
   */
  ByteBuffer decode(ByteBuffer in, int expected, byte[] scratch);

  byte[] encode(byte[] in);
}
