package org.cellweave.io.hdf5;

import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import java.util.BitSet;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Undoes the filters a chunk was written with. */
final class Filters {
  private static final int DEFLATE = 1;
  private static final int SHUFFLE = 2;
  private static final int FLETCHER32 = 3;
  static final int LZF = 32000;
  private static final int LZ4 = 32004;
  private static final int BITSHUFFLE = 32008;
  private static final List<Integer> KNOWN =
      List.of(DEFLATE, SHUFFLE, FLETCHER32, LZF, LZ4, BITSHUFFLE);
  private static final String SUPPORTED = "gzip, shuffle, fletcher32, lzf, lz4, bitshuffle";

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
          case 32015 -> "zstd";
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
  byte[] decode(byte[] encoded, BitSet skipped) {
    byte[] data = encoded;
    for (int f = filters.size() - 1; f >= 0; f--) {
      if (skipped == null || !skipped.get(f)) {
        data = undo(filters.get(f), data);
      }
    }
    return data;
  }

  private byte[] undo(FilterInfo filter, byte[] data) {
    return switch (filter.getId()) {
      case DEFLATE -> inflate(data);
      case SHUFFLE -> unshuffle(data);
      case FLETCHER32 -> verified(data);
      case LZF -> unlzf(data);
      case LZ4 -> Lz4.decode(data, chunkBytes + 4 * filters.size());
      default -> Lz4.unbitshuffle(data, filter.getData(), chunkBytes + 4 * filters.size());
    };
  }

  private byte[] inflate(byte[] data) {
    byte[] out = new byte[chunkBytes + 4 * filters.size()];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(data);
      int n = 0;
      while (!inflater.finished() && n < out.length) {
        int got = inflater.inflate(out, n, out.length - n);
        if (got == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          break;
        }
        n += got;
      }
      return n == out.length ? out : java.util.Arrays.copyOf(out, n);
    } catch (DataFormatException e) {
      throw source.bad(
          key, "holds damaged gzip data (" + e.getMessage() + "); copy the file again");
    } finally {
      inflater.end();
    }
  }

  /** The length is that of the chunk, or a little more where a checksum was compressed too. */
  private byte[] unlzf(byte[] data) {
    byte[] out = Lzf.decode(data, chunkBytes);
    for (int f = 0; out == null && f < filters.size(); f++) {
      out = Lzf.decode(data, chunkBytes + 4 * (f + 1));
    }
    if (out == null) {
      throw source.bad(key, "holds damaged lzf data; copy the file again");
    }
    return out;
  }

  private byte[] unshuffle(byte[] data) {
    if (elementSize <= 1) {
      return data;
    }
    int n = data.length / elementSize;
    byte[] out = new byte[data.length];
    for (int b = 0; b < elementSize; b++) {
      int from = b * n;
      for (int i = 0, to = b; i < n; i++, to += elementSize) {
        out[to] = data[from + i];
      }
    }
    int rest = n * elementSize;
    System.arraycopy(data, rest, out, rest, data.length - rest);
    return out;
  }

  private byte[] verified(byte[] data) {
    int n = data.length - 4;
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
    return java.util.Arrays.copyOf(data, n);
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
