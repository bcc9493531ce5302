package org.cellweave.io.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Deflater;

/**
 * A chunk on its way to its filters, in arrays of this thread's, so that many chunks leave no
 * garbage behind.
 */
final class Encoding {
  private static final int MOST_KEPT = 1 << 23;
  private static final ThreadLocal<Encoding> OF_THREAD = ThreadLocal.withInitial(Encoding::new);

  private int level;
  private Deflater deflater = new Deflater(level);
  private byte[] data = new byte[0];
  private byte[] other = new byte[0];

  static Encoding ofThisThread() {
    return OF_THREAD.get();
  }

  /** Where the bytes of a chunk are to be put. */
  ByteBuffer start(int chunkBytes) {
    data = room(data, chunkBytes);
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] room(byte[] held, int size) {
    return held.length == size ? held : new byte[size];
  }

  /** All bytes of the chunk, and no others. */
  byte[] data() {
    return data;
  }

  /** All first bytes, then all second bytes, and so on. */
  void shuffle(int elementSize) {
    int n = data.length / elementSize;
    byte[] in = data;
    byte[] out = room(other, in.length);
    for (int b = 0; b < elementSize; b++) {
      int to = b * n;
      for (int i = 0, from = b; i < n; i++, from += elementSize) {
        out[to + i] = in[from];
      }
    }
    data = out;
    other = in;
  }

  /** Compresses to the buffer's position, which has the room. */
  void deflate(int wanted, ByteBuffer out) {
    if (wanted != level) {
      deflater.end();
      level = wanted;
      deflater = new Deflater(level);
    }
    deflater.reset();
    deflater.setInput(data);
    deflater.finish();
    while (!deflater.finished()) {
      deflater.deflate(out);
    }
    if (data.length > MOST_KEPT) {
      data = new byte[0];
      other = data;
    }
  }
}
