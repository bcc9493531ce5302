package org.cellweave.io.hdf5;

import io.jhdf.ObjectHeader;
import io.jhdf.api.Dataset;
import io.jhdf.dataset.chunked.Chunk;
import io.jhdf.dataset.chunked.ChunkOffset;
import io.jhdf.dataset.chunked.ChunkedDatasetV3;
import io.jhdf.dataset.chunked.ChunkedDatasetV4;
import io.jhdf.object.message.DataLayoutMessage;
import io.jhdf.object.message.FilterPipelineMessage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The chunks of a dataset, read and decoded here: jHDF finds them, but would map each one into
 * memory and does not verify checksums.
 */
final class Chunks {
  private static final long FREE_SIZE = 64L << 20;
  private static final long MAX_RATIO = 1100;

  private final H5Source source;
  private final String key;
  private final long[] dims;
  private final int[] chunkDims;
  private final int elementSize;
  private final byte[] fill;
  private final int chunkBytes;
  private final Filters filters;
  private final Chunk[] line;
  private final Map<ChunkOffset, Chunk> index;
  private final ChunkCache cache;

  /**
   * @param fill the bytes of an element that was never written; null for zero
   */
  Chunks(H5Source source, Dataset dataset, String key, long[] dims, int elementSize, byte[] fill) {
    this.source = source;
    this.key = key;
    this.dims = dims;
    this.elementSize = elementSize;
    this.fill = fill;
    ObjectHeader header = ObjectHeader.readObjectHeader(source.storage(), dataset.getAddress());
    boolean old = dataset instanceof ChunkedDatasetV3;
    if (old) {
      var open = new OpenV3(source, dataset, header);
      chunkDims = open.getChunkDimensions();
      index = open.chunks();
    } else {
      var open = new OpenV4(source, dataset, header);
      chunkDims = open.getChunkDimensions();
      index = chunksV4(open, dataset, header);
    }
    this.chunkBytes = checkedChunkBytes();
    var pipeline =
        header.hasMessageOfType(FilterPipelineMessage.class)
            ? header.getMessageOfType(FilterPipelineMessage.class).getFilters()
            : List.<FilterPipelineMessage.FilterInfo>of();
    this.filters = new Filters(source, key, pipeline, elementSize, chunkBytes);
    this.cache = new ChunkCache(chunkBytes);
    checkStored(index.values());
    index.values().forEach(this::checkPlace);
    this.line = dims.length == 1 ? inLine(index.values()) : null;
  }

  private Map<ChunkOffset, Chunk> chunksV4(OpenV4 open, Dataset dataset, ObjectHeader header) {
    int bytes = checkedChunkBytes();
    var layout = header.getMessageOfType(DataLayoutMessage.ChunkedDataLayoutMessageV4.class);
    var numbers = new ChunkNumbers(dims, dataset.getMaxSize(), chunkDims);
    boolean allocated = layout.getAddress() != -1;
    return allocated && numbers.mustCount(layout.getIndexingType())
        ? numbers.chunks(source, key, layout, bytes)
        : open.chunks();
  }

  private int checkedChunkBytes() {
    long bytes = elementSize;
    for (int d : chunkDims) {
      if (d <= 0) {
        throw source.bad(
            key, "has chunks of size " + Arrays.toString(chunkDims) + "; the file is damaged");
      }
      bytes = Math.multiplyExact(bytes, (long) d);
    }
    if (chunkDims.length != dims.length || bytes > Integer.MAX_VALUE - 64) {
      throw source.bad(
          key,
          "has chunks of "
              + Arrays.toString(chunkDims)
              + " for shape "
              + Arrays.toString(dims)
              + ", which cannot be read");
    }
    return (int) bytes;
  }

  /** A chunk that belongs nowhere would leave its place to the fill value. */
  private void checkPlace(Chunk chunk) {
    long[] at = chunk.getChunkOffset();
    for (int d = 0; d < dims.length; d++) {
      if (at[d] < 0 || at[d] >= dims[d] || at[d] % chunkDims[d] != 0) {
        throw source.bad(
            key,
            "has a chunk at "
                + Arrays.toString(Arrays.copyOf(at, dims.length))
                + ", where shape "
                + Arrays.toString(dims)
                + " in chunks of "
                + Arrays.toString(chunkDims)
                + " has none; the file is damaged");
      }
    }
  }

  /** Refuses a header that claims far more than the file stores, before anything is allocated. */
  private void checkStored(Collection<Chunk> chunks) {
    double claimed = elementSize;
    for (long d : dims) {
      claimed *= d;
    }
    if (claimed <= FREE_SIZE) {
      if (chunks.size() * (double) chunkBytes < claimed) {
        source.limits().countUnwritten((long) claimed, key);
      }
      return;
    }
    long stored = chunks.stream().mapToLong(c -> c.getSize() & 0xffffffffL).sum();
    boolean fewChunks = claimed > (double) chunks.size() * chunkBytes;
    boolean fewBytes =
        claimed > (double) stored * (filters.isEmpty() ? 1.01 : MAX_RATIO) + FREE_SIZE;
    if (fewChunks || fewBytes || stored > source.available()) {
      throw source.bad(
          key,
          String.format(
              java.util.Locale.ROOT,
              "claims shape %s, about %.0f MiB, but the file stores %.1f MiB in %d chunks of it;"
                  + " the file is damaged or was not written to its end",
              Arrays.toString(dims),
              claimed / (1 << 20),
              stored / (double) (1 << 20),
              chunks.size()));
    }
  }

  private Chunk[] inLine(Collection<Chunk> chunks) {
    long n = (dims[0] + chunkDims[0] - 1) / chunkDims[0];
    Chunk[] out = new Chunk[Math.toIntExact(n)];
    for (Chunk chunk : chunks) {
      long at = chunk.getChunkOffset()[0] / chunkDims[0];
      if (at >= 0 && at < n) {
        out[(int) at] = chunk;
      }
    }
    return out;
  }

  long[] chunkShape() {
    return Arrays.stream(chunkDims).asLongStream().toArray();
  }

  Filters filters() {
    return filters;
  }

  /** Elements (one-dimensional) or rows in one chunk. */
  int firstDim() {
    return chunkDims[0];
  }

  /**
   * Fills {@code to} with the bytes of chunk {@code c} from {@code offset} on; one-dimensional
   * datasets only. A chunk that was never written holds the fill value.
   */
  void read(int c, int offset, ByteBuffer to) {
    Chunk chunk = line[c];
    if (chunk == null) {
      FillValue.put(fill, offset, to);
      return;
    }
    if (filters.isEmpty()) {
      requireLength(storedBytes(chunk), offset + to.remaining());
      source.read(chunk.getAddress() + offset, to, key);
      return;
    }
    DecodedChunk held = decoded(chunk, offset + to.remaining());
    to.put(held.bytes(), offset, to.remaining());
    cache.give(held);
  }

  private int storedBytes(Chunk chunk) {
    int stored = chunk.getSize();
    if (stored < 0 || stored > source.available()) {
      throw source.bad(
          key, "has a chunk of " + (stored & 0xffffffffL) + " bytes; the file is damaged");
    }
    return stored;
  }

  /** A chunk in the hands of this thread, which gives it back. */
  private DecodedChunk decoded(Chunk chunk, int needed) {
    DecodedChunk held = cache.take(chunk);
    if (!held.holds(chunk)) {
      Decoding decoding = Decoding.ofThisThread();
      ByteBuffer raw = decoding.start(storedBytes(chunk));
      source.read(chunk.getAddress(), raw, key);
      filters.decode(decoding, chunk.getFilterMask());
      held.fill(chunk, decoding);
    }
    requireLength(held.length(), needed);
    return held;
  }

  /** Whole rows of a dataset of several dimensions, row-major. */
  byte[] rows(long firstRow, int nRows) {
    int rank = dims.length;
    long[] shape = dims.clone();
    shape[0] = nRows;
    long bytes = elementSize;
    for (long d : shape) {
      bytes = Math.multiplyExact(bytes, d);
    }
    byte[] out = new byte[Math.toIntExact(bytes)];
    if (fill != null) {
      FillValue.put(fill, 0, ByteBuffer.wrap(out));
    }
    long[] corner = new long[rank];
    corner[0] = firstRow / chunkDims[0] * chunkDims[0];
    long[] low = corner.clone();
    while (corner[0] < firstRow + nRows) {
      Chunk chunk = index.get(new ChunkOffset(corner));
      if (chunk != null) {
        DecodedChunk held = decoded(chunk, chunkBytes);
        copy(held.bytes(), corner, firstRow, shape, out);
        cache.give(held);
      }
      int d = rank - 1;
      corner[d] += chunkDims[d];
      while (d > 0 && corner[d] >= dims[d]) {
        corner[d] = low[d];
        d--;
        corner[d] += chunkDims[d];
      }
    }
    return out;
  }

  /** Copies the part of a chunk that lies in the rows, one run of the last axis after another. */
  private void copy(byte[] chunk, long[] corner, long firstRow, long[] shape, byte[] out) {
    int rank = dims.length;
    int[] from = new int[rank];
    int[] to = new int[rank];
    for (int d = 0; d < rank; d++) {
      long start = d == 0 ? firstRow : 0;
      from[d] = (int) Math.max(0, start - corner[d]);
      to[d] = (int) Math.min(chunkDims[d], start + shape[d] - corner[d]);
    }
    int[] at = from.clone();
    int run = (to[rank - 1] - from[rank - 1]) * elementSize;
    while (at[0] < to[0]) {
      long source = 0;
      long target = 0;
      for (int d = 0; d < rank; d++) {
        source = source * chunkDims[d] + at[d];
        target = target * shape[d] + (corner[d] + at[d] - (d == 0 ? firstRow : 0));
      }
      System.arraycopy(chunk, (int) source * elementSize, out, (int) target * elementSize, run);
      int d = rank - 2;
      at[d]++;
      while (d > 0 && at[d] >= to[d]) {
        at[d] = from[d];
        d--;
        at[d]++;
      }
    }
  }

  private void requireLength(int held, int needed) {
    if (held < needed) {
      throw source.bad(
          key, "has a chunk of " + held + " bytes, expected " + needed + "; the file is damaged");
    }
  }

  private static final class OpenV3 extends ChunkedDatasetV3 {
    OpenV3(H5Source source, Dataset dataset, ObjectHeader header) {
      super(source.storage(), dataset.getAddress(), dataset.getName(), dataset.getParent(), header);
    }

    Map<ChunkOffset, Chunk> chunks() {
      return getChunkLookup();
    }
  }

  private static final class OpenV4 extends ChunkedDatasetV4 {
    OpenV4(H5Source source, Dataset dataset, ObjectHeader header) {
      super(source.storage(), dataset.getAddress(), dataset.getName(), dataset.getParent(), header);
    }

    Map<ChunkOffset, Chunk> chunks() {
      return getChunkLookup();
    }
  }
}
