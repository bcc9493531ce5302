package org.cellweave.io.hdf5;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.zip.DataFormatException;

/** Undoes the filters a chunk was written with. */
final class Filters {
  private static final int DEFLATE = 1;
  private static final int SHUFFLE = 2;
  private static final int FLETCHER32 = 3;
  static final int LZF = 32000;
  private static final int LZ4 = 32004;
  private static final int BITSHUFFLE = 32008;
  private static final int ZSTD = 32015;
  private static final List<Integer> KNOWN =
      List.of(DEFLATE, SHUFFLE, FLETCHER32, LZF, LZ4, BITSHUFFLE, ZSTD);
  private static final String SUPPORTED = "gzip, shuffle, fletcher32, lzf, lz4, bitshuffle, zstd";

  private final H5Source source;
  private final String key;
  private final List<FilterInfo> filters;
  private final int elementSize;
  private final int chunkBytes;

  /** Refuses filters nobody here can undo before any data are read. */
  Filters(H5Source source, String key, List<FilterInfo> filters, int elementSize, int chunkBytes) {
    this.source = source;
    this.key = key;
    this.filters = filters;
    this.elementSize = elementSize;
    this.chunkBytes = chunkBytes;
    for (FilterInfo filter : filters) {
      int id = filter.getId();
      if (!KNOWN.contains(id)) {
        throw source.bad(
            key,
            "is compressed with "
                + name(id, filter.getName())
                + ", which cannot be read here (supported: "
                + SUPPORTED
                + "); in Python write it again with adata.write_h5ad(path, compression=\"gzip\")");
      }
    }
  }

  private static String name(int id, String given) {
    String known =
        switch (id) {
          case 4 -> "szip";
          case 5 -> "nbit";
          case 6 -> "scaleoffset";
          case 307 -> "bzip2";
          case 32001 -> "blosc";
          case 32013 -> "zfp";
          case 32026 -> "blosc2";
          default -> given == null || given.isBlank() ? "an unknown filter" : given.trim();
        };
    return known + " (HDF5 filter " + id + ")";
  }

  /** The level of gzip when the values are compressed at all, else 0. */
  int gzipLevel() {
    int level = 0;
    for (FilterInfo filter : filters) {
      int[] settings = filter.getData();
      boolean deflate = filter.getId() == DEFLATE && settings.length > 0;
      level = deflate ? Math.max(1, Math.min(9, settings[0])) : level;
      level = filter.getId() >= LZF ? 4 : level;
    }
    return level;
  }

  boolean isEmpty() {
    return filters.isEmpty();
  }

  /**
   * @param skipped filters that were not applied to this chunk
   */
  void decode(Decoding chunk, BitSet skipped) {
    for (int f = filters.size() - 1; f >= 0; f--) {
      if (skipped == null || !skipped.get(f)) {
        undo(filters.get(f), chunk);
      }
    }
  }

  private void undo(FilterInfo filter, Decoding chunk) {
    switch (filter.getId()) {
      case DEFLATE -> inflate(chunk);
      case SHUFFLE -> chunk.unshuffle(Math.max(1, elementSize));
      case FLETCHER32 -> verify(chunk);
      case LZF -> unlzf(chunk);
      case ZSTD -> unzstd(chunk);
      case LZ4 -> chunk.made(Lz4.decode(whole(chunk), most()));
      default -> chunk.made(Lz4.unbitshuffle(whole(chunk), filter.getData(), most()));
    }
  }

  /** Bytes of a chunk, a little more where checksums were compressed too. */
  private int most() {
    return chunkBytes + 4 * filters.size();
  }

  private static byte[] whole(Decoding chunk) {
    return Arrays.copyOf(chunk.data(), chunk.length());
  }

  private void inflate(Decoding chunk) {
    try {
      chunk.inflate(most());
    } catch (DataFormatException e) {
      throw source.bad(
          key, "holds damaged gzip data (" + e.getMessage() + "); copy the file again");
    }
  }

  /** The length is that of the chunk, or a little more where a checksum was compressed too. */
  private void unlzf(Decoding chunk) {
    byte[] encoded = whole(chunk);
    for (int f = 0; f <= filters.size(); f++) {
      int n = chunkBytes + 4 * f;
      if (Lzf.decode(encoded, chunk.target(n), n)) {
        chunk.written(n);
        return;
      }
    }
    throw source.bad(key, "holds damaged lzf data; copy the file again");
  }

  private void unzstd(Decoding chunk) {
    byte[] out = chunk.target(most());
    try {
      long n = Zstd.decompressByteArray(out, 0, most(), chunk.data(), 0, chunk.length());
      chunk.written((int) n);
    } catch (ZstdException e) {
      throw source.bad(
          key, "holds damaged zstd data (" + e.getMessage() + "); copy the file again");
    }
  }

  private void verify(Decoding chunk) {
    byte[] data = chunk.data();
    int n = chunk.length() - 4;
    if (n < 0) {
      throw source.bad(key, "has a chunk too short to hold its checksum; the file is damaged");
    }
    int stored =
        (data[n] & 0xff)
            | (data[n + 1] & 0xff) << 8
            | (data[n + 2] & 0xff) << 16
            | (data[n + 3] & 0xff) << 24;
    int sum = fletcher32(data, n);
    // Files of HDF5 before 1.6.3 hold the two halves with their bytes swapped.
    int swapped = ((sum & 0x00ff00ff) << 8) | ((sum >>> 8) & 0x00ff00ff);
    if (stored != sum && stored != swapped) {
      throw source.bad(key, "does not match its checksum; the file is damaged, copy it again");
    }
    chunk.shorten(4);
  }

  /** Fletcher's checksum over big-endian 16-bit words, as the HDF5 library computes it. */
  static int fletcher32(byte[] data, int n) {
    long sum1 = 0;
    long sum2 = 0;
    for (int i = 0; i + 1 < n; i += 2) {
      sum1 += (data[i] & 0xff) << 8 | (data[i + 1] & 0xff);
      sum2 += sum1;
      if ((i & 0x1ff) == 0x1fe) {
        sum1 = (sum1 & 0xffff) + (sum1 >>> 16);
        sum2 = (sum2 & 0xffff) + (sum2 >>> 16);
      }
    }
    if ((n & 1) == 1) {
      sum1 += (data[n - 1] & 0xff) << 8;
      sum2 += sum1;
    }
    return folded(sum2) << 16 | folded(sum1);
  }

  private static int folded(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (int) folded;
  }
}
