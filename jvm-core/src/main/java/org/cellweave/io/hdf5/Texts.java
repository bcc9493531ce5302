package org.cellweave.io.hdf5;

import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Turns fixed and variable-length strings into Java ones; the latter lie in global heaps. */
final class Texts {
  private static final int KEPT_HEAPS = 64;
  private static final int HEADER = 16;
  private static final long USUAL = 4096;
  private static final long FREE_BYTES = 1L << 28;

  private final H5Source source;
  private final int offsetSize;
  private String key = "";
  private final Map<Long, Heap> heaps =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Heap> eldest) {
          return size() > KEPT_HEAPS;
        }
      };
  private Heap last;
  private long lastAddress = -1;
  private long spent;

  Texts(H5Source source) {
    this.source = source;
    this.offsetSize = source.storage().getSizeOfOffsets();
    if (offsetSize != 8 && offsetSize != 4) {
      throw source.bad("", "uses file addresses of " + offsetSize + " bytes; the file is damaged");
    }
  }

  private record Heap(byte[] bytes, int[] start, int[] length) {}

  /**
   * Decodes {@code n} strings that start at {@code offset} and lie {@code stride} bytes apart.
   *
   * @param forKey what messages name
   */
  void decode(
      String forKey,
      DataType type,
      ByteBuffer from,
      int offset,
      int stride,
      int n,
      String[] out,
      int at) {
    key = forKey;
    ByteBuffer b = from.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int base = b.position() + offset;
    if (type instanceof VariableLength) {
      requireReferences(source, key, type);
      for (int i = 0; i < n; i++) {
        out[at + i] = variable(b, base + i * stride);
      }
    } else {
      var padding =
          type instanceof StringData s
              ? s.getPaddingType()
              : StringData.PaddingType.NULL_TERMINATED;
      byte[] one = new byte[type.getSize()];
      for (int i = 0; i < n; i++) {
        b.position(base + i * stride);
        b.get(one);
        out[at + i] = fixed(one, padding);
      }
    }
  }

  /**
   * @throws org.cellweave.util.FormatException when what refers to texts or sequences has another
   *     size than the format gives it, so that the next one is not where it seems to be
   */
  static void requireReferences(H5Source source, String key, DataType type) {
    int size = 8 + source.storage().getSizeOfOffsets();
    if (type instanceof VariableLength && type.getSize() != size) {
      throw source.bad(
          key,
          "has references of "
              + type.getSize()
              + " bytes to its values, expected "
              + size
              + "; the file is damaged");
    }
  }

  /**
   * The bytes of one text or sequence, null for none; of text, those before the first NUL.
   *
   * @param from holds the reference at its position
   * @param elementSize bytes of one value
   */
  byte[] object(String forKey, ByteBuffer from, int elementSize) {
    key = forKey;
    ByteBuffer b = from.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int at = b.position();
    long length = (b.getInt(at) & 0xffffffffL) * elementSize;
    Heap heap = length == 0 ? null : referred(b, at);
    if (heap == null) {
      return null;
    }
    int index = b.getInt(at + 4 + offsetSize);
    if (length > heap.length[index]) {
      throw source.bad(
          key, "refers to " + length + " bytes, of which its heap has " + heap.length[index]);
    }
    spend(length);
    int start = heap.start[index];
    byte[] out = java.util.Arrays.copyOfRange(heap.bytes, start, start + (int) length);
    int end = 0;
    while (elementSize == 1 && end < out.length && out[end] != 0) {
      end++;
    }
    return elementSize == 1 ? java.util.Arrays.copyOf(out, end) : out;
  }

  /** The heap that a reference leads to, which has its object; null for no reference. */
  private Heap referred(ByteBuffer b, int at) {
    long address = offsetSize == 8 ? b.getLong(at + 4) : b.getInt(at + 4) & 0xffffffffL;
    int index = b.getInt(at + 4 + offsetSize);
    if (address == 0 || index == 0) {
      return null;
    }
    Heap heap = address == lastAddress ? last : heap(address);
    if (index < 0 || index >= heap.start.length || heap.start[index] < 0) {
      throw source.bad(
          key, "refers to text " + index + ", which its heap lacks; the file is damaged");
    }
    return heap;
  }

  /** A file whose texts are longer than itself many times over refers to the same ones. */
  private void spend(long bytes) {
    spent += bytes;
    if (spent > FREE_BYTES + 64 * source.available()) {
      throw source.bad(key, "refers to the same text over and over; the file is damaged");
    }
  }

  /** What is padded may hold a NUL before its end. */
  private static String fixed(byte[] bytes, StringData.PaddingType padding) {
    int end = bytes.length;
    if (padding == StringData.PaddingType.NULL_TERMINATED) {
      end = 0;
      while (end < bytes.length && bytes[end] != 0) {
        end++;
      }
    }
    while (padding == StringData.PaddingType.SPACE_PADDED && end > 0 && bytes[end - 1] == ' ') {
      end--;
    }
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private String variable(ByteBuffer b, int at) {
    int length = b.getInt(at);
    Heap heap = length == 0 ? null : referred(b, at);
    if (heap == null) {
      return "";
    }
    int index = b.getInt(at + 4 + offsetSize);
    int start = heap.start[index];
    int end = start + Math.min(heap.length[index], length < 0 ? Integer.MAX_VALUE : length);
    int stop = start;
    while (stop < end && heap.bytes[stop] != 0) {
      stop++;
    }
    spend(stop - start);
    return new String(heap.bytes, start, stop - start, StandardCharsets.UTF_8);
  }

  private Heap heap(long address) {
    Heap found = heaps.get(address);
    if (found == null) {
      found = readHeap(address);
      heaps.put(address, found);
    }
    last = found;
    lastAddress = address;
    return found;
  }

  private Heap readHeap(long address) {
    int lengthSize = source.storage().getSizeOfLengths();
    // Most heaps have the library's default size, so that one read is enough.
    int guess = (int) Math.max(0, Math.min(USUAL, source.available() - address));
    byte[] bytes = new byte[Math.max(HEADER, guess)];
    ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    source.read(address, head, key);
    long size = lengthSize == 8 ? head.getLong(8) : head.getInt(8) & 0xffffffffL;
    boolean signed = head.getInt(0) == 0x4c4f4347 && head.get(4) == 1;
    if (!signed || size < HEADER || size > source.available() - address || size > 1 << 30) {
      throw source.bad(key, "refers to a text heap that is not there; the file is damaged");
    }
    if (size > bytes.length) {
      bytes = new byte[(int) size];
      source.read(address, ByteBuffer.wrap(bytes), key);
    }
    return objects(bytes, 8 + lengthSize, lengthSize);
  }

  private Heap objects(byte[] bytes, int first, int lengthSize) {
    ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int[] start = new int[64];
    int[] length = new int[64];
    java.util.Arrays.fill(start, -1);
    int at = first;
    int objectHeader = 8 + lengthSize;
    while (at + objectHeader <= bytes.length) {
      int index = b.getShort(at) & 0xffff;
      long size = lengthSize == 8 ? b.getLong(at + 8) : b.getInt(at + 8) & 0xffffffffL;
      if (index == 0) {
        break;
      }
      int data = at + objectHeader;
      if (size < 0 || size > bytes.length - data) {
        throw source.bad(key, "refers to a damaged text heap; copy the file again");
      }
      if (index >= start.length) {
        int old = start.length;
        start = java.util.Arrays.copyOf(start, Math.max(index + 1, old * 2));
        length = java.util.Arrays.copyOf(length, start.length);
        java.util.Arrays.fill(start, old, start.length, -1);
      }
      start[index] = data;
      length[index] = (int) size;
      at = data + (int) ((size + 7) / 8 * 8);
    }
    return new Heap(bytes, start, length);
  }
}
