package org.cellweave.io.hdf5;

import com.ning.compress.lzf.LZFException;
import com.ning.compress.lzf.impl.VanillaChunkDecoder;
import java.util.Arrays;

/**
 * The LZF compression that h5py offers. A control byte below 32 announces that many bytes plus one
 * as they are; any other a repetition: its upper three bits are the length (7: one more byte
 * follows), the rest and the next byte how far back it starts.
 */
final class Lzf {
  /** The one that checks bounds; the other ones of the library read past them. */
  private static final VanillaChunkDecoder DECODER = new VanillaChunkDecoder();

  private static final int LITERALS = 32;
  private static final int MAX_OFFSET = 1 << 13;
  private static final int MAX_LENGTH = 264;
  private static final int HASH_BITS = 14;

  private Lzf() {}

  /**
   * @param in nothing but the encoded bytes
   * @param length of the decoded bytes
   * @return false when the data are not whole
   */
  static boolean decode(byte[] in, byte[] out, int length) {
    try {
      DECODER.decodeChunk(in, 0, out, 0, length);
      return true;
    } catch (LZFException | IndexOutOfBoundsException e) {
      return false;
    }
  }

  /** Null when the result would not be shorter, as the filter then leaves the data alone. */
  static byte[] encode(byte[] in) {
    if (in.length < 4) {
      return null;
    }
    byte[] out = new byte[in.length - 1];
    int[] last = new int[1 << HASH_BITS];
    Arrays.fill(last, -1);
    int to = 0;
    int literal = 0;
    int at = 0;
    while (at + 2 < in.length) {
      int hash = hash(in, at);
      int before = last[hash];
      last[hash] = at;
      if (before < 0 || at - before > MAX_OFFSET || !same(in, before, at)) {
        at++;
        continue;
      }
      int n = length(in, before, at);
      to = literals(in, literal, at, out, to);
      if (to < 0 || to + 3 > out.length) {
        return null;
      }
      int offset = at - before - 1;
      int code = n - 2;
      out[to++] = (byte) (Math.min(code, 7) << 5 | offset >> 8);
      if (code >= 7) {
        out[to++] = (byte) (code - 7);
      }
      out[to++] = (byte) offset;
      at += n;
      literal = at;
    }
    to = literals(in, literal, in.length, out, to);
    return to < 0 ? null : Arrays.copyOf(out, to);
  }

  private static int hash(byte[] in, int at) {
    int three = (in[at] & 0xff) << 16 | (in[at + 1] & 0xff) << 8 | (in[at + 2] & 0xff);
    return (three * 0x9E3779B1) >>> (32 - HASH_BITS);
  }

  private static boolean same(byte[] in, int a, int b) {
    return in[a] == in[b] && in[a + 1] == in[b + 1] && in[a + 2] == in[b + 2];
  }

  private static int length(byte[] in, int before, int at) {
    int most = Math.min(MAX_LENGTH, in.length - at);
    int n = 3;
    while (n < most && in[before + n] == in[at + n]) {
      n++;
    }
    return n;
  }

  /** The end of what was written, or -1 when there is no room. */
  private static int literals(byte[] in, int from, int end, byte[] out, int start) {
    int to = start;
    for (int at = from; at < end; ) {
      int n = Math.min(LITERALS, end - at);
      if (to + 1 + n > out.length) {
        return -1;
      }
      out[to++] = (byte) (n - 1);
      System.arraycopy(in, at, out, to, n);
      at += n;
      to += n;
    }
    return to;
  }
}
