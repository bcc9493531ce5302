package org.cellweave.io.hdf5;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A chunk on its way through the filters, in two arrays of this thread's: a step reads one and
 * writes the other, so that many chunks leave no garbage behind.
 */
final class Decoding {
  private static final int MOST_KEPT = 1 << 23;
  private static final ThreadLocal<Decoding> OF_THREAD = ThreadLocal.withInitial(Decoding::new);

  private final Inflater inflater = new Inflater();
  private byte[] data = new byte[0];
  private byte[] other = new byte[0];
  private int length;

  static Decoding ofThisThread() {
    return OF_THREAD.get();
  }

  /** Room for the bytes as they are stored. */
  ByteBuffer start(int stored) {
    data = data.length < stored ? new byte[stored] : data;
    length = stored;
    return ByteBuffer.wrap(data, 0, stored);
  }

  /** Of which {@link #length} bytes count. */
  byte[] data() {
    return data;
  }

  int length() {
    return length;
  }

  /** Leaves bytes out at the end. */
  void shorten(int by) {
    length -= by;
  }

  /** What a step writes. */
  byte[] target(int size) {
    other = other.length < size ? new byte[size] : other;
    return other;
  }

  /** Ends a step that wrote {@link #target}. */
  void written(int size) {
    byte[] before = data;
    data = other;
    other = before;
    length = size;
  }

  /** Ends a step that made an array of its own. */
  void made(byte[] bytes) {
    data = bytes;
    length = bytes.length;
  }

  /** The decoded bytes, for another array. */
  byte[] exchange(byte[] old) {
    byte[] out = data;
    data = kept(old);
    other = kept(other);
    return out;
  }

  private static byte[] kept(byte[] array) {
    return array.length > MOST_KEPT ? new byte[0] : array;
  }

  /** At most so many bytes of zlib's. */
  void inflate(int most) throws DataFormatException {
    byte[] out = target(most);
    inflater.reset();
    inflater.setInput(data, 0, length);
    int n = 0;
    while (!inflater.finished() && n < most) {
      int got = inflater.inflate(out, n, most - n);
      if (got == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
        break;
      }
      n += got;
    }
    written(n);
  }

  /** All first bytes, then all second bytes, and so on, back to elements. */
  void unshuffle(int elementSize) {
    int n = length / elementSize;
    byte[] in = data;
    byte[] out = target(length);
    if (elementSize == 4) {
      // side by side, for one pass over what is written
      for (int i = 0, to = 0; i < n; i++, to += 4) {
        out[to] = in[i];
        out[to + 1] = in[n + i];
        out[to + 2] = in[2 * n + i];
        out[to + 3] = in[3 * n + i];
      }
    } else {
      for (int b = 0; b < elementSize; b++) {
        int from = b * n;
        for (int i = 0, to = b; i < n; i++, to += elementSize) {
          out[to] = in[from + i];
        }
      }
    }
    int rest = n * elementSize;
    System.arraycopy(in, rest, out, rest, length - rest);
    written(length);
  }
}
