package org.cellweave.io.hdf5;

import java.nio.ByteBuffer;

/**
 * Undoes the filters lz4 and bitshuffle with checked bounds only: a damaged chunk throws an
 * exception, whatever it says.
 */
final class Lz4 {
  private static final int TARGET_BLOCK = 8192;
  private static final int LEAST_BLOCK = 128;
  private static final int GROUP = 8;

  private Lz4() {}

  /**
   * The lz4 filter: the total length, the length of a block, then blocks with their length.
   *
   * @param most bytes that the result may have
   */
  static byte[] decode(byte[] data, int most) {
    ByteBuffer in = ByteBuffer.wrap(data);
    byte[] out = new byte[total(in, most)];
    int block = in.getInt();
    if (block <= 0) {
      throw new IllegalStateException("it has lz4 blocks of " + block + " bytes");
    }
    for (int to = 0; to < out.length; ) {
      int size = Math.min(block, out.length - to);
      ByteBuffer part = next(in);
      if (part.remaining() == size) {
        part.get(out, to, size);
      } else {
        block(part, out, to, size);
      }
      to += size;
    }
    return out;
  }

  /** Bits sorted by significance, in blocks, with or without lz4. */
  static byte[] unbitshuffle(byte[] data, int[] settings, int most) {
    int elementSize = settings[2];
    if (elementSize <= 0) {
      throw new IllegalStateException("it is shuffled by elements of " + elementSize + " bytes");
    }
    int usual = Math.max(TARGET_BLOCK / elementSize / GROUP * GROUP, LEAST_BLOCK);
    int compression = settings.length > 4 ? settings[4] : 0;
    ByteBuffer in = ByteBuffer.wrap(data);
    int total = compression == 0 ? data.length : total(in, most);
    int block = settings.length > 3 && settings[3] > 0 ? settings[3] : usual;
    if (compression != 0) {
      block = in.getInt() / elementSize;
    }
    if ((compression != 0 && compression != 2) || block < GROUP) {
      throw new IllegalStateException("its bitshuffle uses another compression than lz4");
    }
    byte[] out = new byte[total];
    int elements = total / elementSize;
    int done = 0;
    while (elements - done >= GROUP) {
      int n = Math.min(block, elements - done) / GROUP * GROUP;
      byte[] plain = new byte[Math.multiplyExact(n, elementSize)];
      if (compression == 0) {
        in.get(plain);
      } else {
        block(next(in), plain, 0, plain.length);
      }
      unshuffle(plain, n, elementSize, out, done * elementSize);
      done += n;
    }
    in.get(out, done * elementSize, total - done * elementSize);
    return out;
  }

  private static int total(ByteBuffer in, int most) {
    long total = in.getLong();
    if (total < 0 || total > most) {
      throw new IllegalStateException("a chunk claims " + total + " bytes, at most " + most);
    }
    return (int) total;
  }

  private static ByteBuffer next(ByteBuffer in) {
    int length = in.getInt();
    ByteBuffer out = in.slice(in.position(), length);
    in.position(in.position() + length);
    return out;
  }

  /** Row b of the shuffled bytes holds bit b of all elements. */
  private static void unshuffle(byte[] in, int n, int elementSize, byte[] out, int to) {
    int rowBytes = n / GROUP;
    for (int bit = 0; bit < 8 * elementSize; bit++) {
      for (int i = 0; i < n; i++) {
        int set = in[bit * rowBytes + i / GROUP] >> (i % GROUP) & 1;
        out[to + i * elementSize + bit / GROUP] |= (byte) (set << (bit % GROUP));
      }
    }
  }

  /** One block: runs of bytes as they are, each followed by a repetition. */
  private static void block(ByteBuffer in, byte[] out, int start, int size) {
    int to = start;
    int end = start + size;
    while (in.hasRemaining()) {
      int token = in.get() & 0xff;
      int literals = length(in, token >> 4);
      in.get(out, to, literals);
      to += literals;
      if (!in.hasRemaining()) {
        break;
      }
      int from = to - ((in.get() & 0xff) | (in.get() & 0xff) << 8);
      int n = length(in, token & 15) + 4;
      if (from < start || from >= to || n > end - to) {
        throw new IllegalStateException("its lz4 data are damaged");
      }
      for (int i = 0; i < n; i++) {
        out[to++] = out[from++];
      }
    }
    if (to != end) {
      throw new IllegalStateException("its lz4 data are damaged");
    }
  }

  private static int length(ByteBuffer in, int first) {
    int n = first;
    if (first == 15) {
      int more;
      do {
        more = in.get() & 0xff;
        n = Math.addExact(n, more);
      } while (more == 255);
    }
    return n;
  }
}
