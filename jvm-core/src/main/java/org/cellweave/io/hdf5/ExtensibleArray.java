package org.cellweave.io.hdf5;

import io.jhdf.dataset.chunked.Chunk;
import io.jhdf.dataset.chunked.indexing.ChunkImpl;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.function.LongFunction;

/**
 * The index of chunks of a dataset with one axis without a limit: entries in an index block, then
 * in data blocks that grow by powers of two, the larger ones below secondary blocks and cut into
 * pages.
 *
 * <p>jHDF ends at the first entry without a chunk, so that what was written behind a hole would be
 * missing.
 *
 * @see <a href="https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html">the format,
 *     VII.D</a>
 */
final class ExtensibleArray {
  private static final long NOWHERE = -1;
  private static final int MAX_BITS = 62;

  private final H5Source source;
  private final String key;
  private final int offsetSize;
  private final int chunkBytes;
  private final LongFunction<long[]> place;
  private final Visitor visitor;

  private int entrySize;
  private boolean filtered;
  private int inIndexBlock;
  private int leastEntries;
  private int leastPointers;
  private int pageBits;
  private int positionBytes;
  private int secondaryBlocks;
  private long entries;

  /** Entry that comes next. */
  private long next;

  /** Receives a chunk that was written. */
  @FunctionalInterface
  interface Visitor {
    void chunk(Chunk chunk);
  }

  /**
   * @param chunkBytes of a chunk that passes no filter
   * @param place of the chunk with a number; null for one that lies outside
   */
  ExtensibleArray(
      H5Source source, String key, int chunkBytes, LongFunction<long[]> place, Visitor visitor) {
    this.source = source;
    this.key = key;
    this.offsetSize = source.storage().getSizeOfOffsets();
    this.chunkBytes = chunkBytes;
    this.place = place;
    this.visitor = visitor;
  }

  void read(long address) {
    int lengthSize = source.storage().getSizeOfLengths();
    ByteBuffer head = block(address, 16 + 6L * lengthSize + offsetSize, "EAHD");
    filtered = head.get() == 1;
    entrySize = head.get() & 0xff;
    int bits = head.get() & 0xff;
    inIndexBlock = head.get() & 0xff;
    leastEntries = head.get() & 0xff;
    leastPointers = head.get() & 0xff;
    pageBits = head.get() & 0xff;
    head.position(head.position() + 4 * lengthSize);
    entries = RawBlock.number(head, lengthSize);
    head.position(head.position() + lengthSize);
    long root = RawBlock.number(head, offsetSize);
    boolean sound =
        bits <= MAX_BITS
            && isPower(leastEntries)
            && isPower(leastPointers)
            && entrySize >= (filtered ? offsetSize + 5 : offsetSize)
            && entrySize <= offsetSize + 12
            && entries >= 0
            && entries <= source.available();
    if (!sound) {
      throw source.bad(key, "has a damaged index of chunks");
    }
    positionBytes = (bits + 7) / 8;
    secondaryBlocks = 1 + bits - log2(leastEntries);
    if (root != NOWHERE) {
      indexBlock(root);
    }
  }

  private void indexBlock(long address) {
    int direct = 2 * log2(leastPointers);
    int dataBlocks = 2 * (leastPointers - 1);
    int below = Math.max(0, secondaryBlocks - direct);
    long length =
        10L
            + offsetSize
            + (long) inIndexBlock * entrySize
            + (long) offsetSize * (dataBlocks + below);
    ByteBuffer block = block(address, length, "EAIB");
    block.position(6 + offsetSize);
    for (int e = 0; e < inIndexBlock; e++) {
      entry(block);
    }
    for (int level = 0; level < direct; level++) {
      for (long b = 0; b < 1L << (level / 2); b++) {
        dataBlock(RawBlock.number(block, offsetSize), entriesOf(level), null, 0);
      }
    }
    for (int level = direct; level < secondaryBlocks && next < entries; level++) {
      secondaryBlock(RawBlock.number(block, offsetSize), level);
    }
  }

  /** Entries of a data block of that level. */
  private long entriesOf(int level) {
    return (1L << ((level + 1) / 2)) * leastEntries;
  }

  private void secondaryBlock(long address, int level) {
    long dataBlocks = 1L << (level / 2);
    long each = entriesOf(level);
    if (address == NOWHERE) {
      next += dataBlocks * each;
      return;
    }
    long pages = each > 1L << pageBits ? each >> pageBits : 0;
    long bitBytes = (pages + 7) / 8;
    long length = 10L + offsetSize + positionBytes + dataBlocks * (bitBytes + offsetSize);
    ByteBuffer block = block(address, length, "EASB");
    block.position(6 + offsetSize + positionBytes);
    byte[] written = new byte[(int) (dataBlocks * bitBytes)];
    block.get(written);
    for (int b = 0; b < dataBlocks && next < entries; b++) {
      dataBlock(RawBlock.number(block, offsetSize), each, pages == 0 ? null : written, b * pages);
    }
  }

  /**
   * @param written which pages of all blocks of its level were, highest bit first; null for a block
   *     without pages
   * @param firstPage of this block among these
   */
  private void dataBlock(long address, long each, byte[] written, long firstPage) {
    if (address == NOWHERE || next >= entries) {
      next += each;
      return;
    }
    int head = 6 + offsetSize + positionBytes;
    if (written == null) {
      ByteBuffer block = block(address, head + each * entrySize + 4, "EADB");
      block.position(head);
      for (long e = 0; e < each; e++) {
        entry(block);
      }
      return;
    }
    int perPage = 1 << pageBits;
    long pageBytes = (long) perPage * entrySize + 4;
    for (int p = 0; p < each >> pageBits; p++) {
      int bit = (int) (firstPage + p);
      if ((written[bit / 8] & (0x80 >> (bit % 8))) == 0 || next >= entries) {
        next += perPage;
        continue;
      }
      ByteBuffer page =
          ByteBuffer.allocate((int) pageBytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      source.read(address + head + 4 + p * pageBytes, page, key);
      page.flip();
      for (int e = 0; e < perPage; e++) {
        entry(page);
      }
    }
  }

  private void entry(ByteBuffer from) {
    long address = RawBlock.number(from, offsetSize);
    long size = filtered ? RawBlock.number(from, entrySize - offsetSize - 4) : chunkBytes;
    byte[] mask = new byte[4];
    if (filtered) {
      from.get(mask);
    }
    long[] at = address == NOWHERE || next >= entries ? null : place.apply(next);
    next++;
    if (at == null) {
      return;
    }
    if (size < 0 || size > source.available()) {
      throw source.bad(key, "has a chunk of " + size + " bytes; the file is damaged");
    }
    visitor.chunk(new ChunkImpl(address, (int) size, at, BitSet.valueOf(mask)));
  }

  private ByteBuffer block(long address, long length, String signature) {
    return RawBlock.at(source, key, address, length, signature);
  }

  private static boolean isPower(int n) {
    return n > 0 && Integer.bitCount(n) == 1;
  }

  private static int log2(int n) {
    return 31 - Integer.numberOfLeadingZeros(n);
  }
}
