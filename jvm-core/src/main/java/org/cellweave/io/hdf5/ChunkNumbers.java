package org.cellweave.io.hdf5;

import io.jhdf.dataset.chunked.Chunk;
import io.jhdf.dataset.chunked.ChunkOffset;
import io.jhdf.dataset.chunked.DatasetInfo;
import io.jhdf.dataset.chunked.indexing.ChunkImpl;
import io.jhdf.dataset.chunked.indexing.ChunkIndex;
import io.jhdf.dataset.chunked.indexing.FixedArrayIndex;
import io.jhdf.dataset.chunked.indexing.ImplicitChunkIndex;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessageV4;
import java.util.HashMap;
import java.util.Map;

/**
 * Which place a numbered chunk has. The indices of files since HDF5 1.10 list chunks by number, and
 * count them over the largest shape that the dataset may grow to, an axis without a limit first.
 * jHDF counts over the present shape, which puts chunks elsewhere wherever the two differ in how
 * many chunks lie side by side, and takes the address of a chunk that was never written for one.
 */
final class ChunkNumbers {
  /** The address of a chunk that was never written. */
  private static final long NOWHERE = -1;

  private final long[] dims;
  private final int[] chunkDims;

  /** The axes as they are counted, the slowest first. */
  private final int[] axis;

  /** The shape that is counted over, by those axes; the first is never asked for. */
  private final long[] counted;

  private final boolean asNow;

  /**
   * @param most largest size of every axis, negative without a limit; empty where it is that of now
   */
  ChunkNumbers(long[] dims, long[] most, int[] chunkDims) {
    this.dims = dims;
    this.chunkDims = chunkDims;
    long[] largest = most.length == dims.length ? most : dims;
    this.axis = order(largest);
    this.counted = new long[dims.length];
    boolean same = axis[0] == 0;
    for (int d = 0; d < axis.length; d++) {
      counted[d] = largest[axis[d]] < 0 ? dims[axis[d]] : largest[axis[d]];
      same &= chunksAlong(d) == ceil(dims[axis[d]], chunkDims[axis[d]]);
    }
    this.asNow = same;
  }

  private static int[] order(long[] most) {
    int first = 0;
    for (int d = most.length - 1; d >= 0; d--) {
      first = most[d] < 0 ? d : first;
    }
    int[] axis = new int[most.length];
    for (int d = 0; d < axis.length; d++) {
      axis[d] = d == 0 ? first : d <= first ? d - 1 : d;
    }
    return axis;
  }

  private static long ceil(long size, int width) {
    return size / width + (size % width == 0 ? 0 : 1);
  }

  private long chunksAlong(int d) {
    return ceil(counted[d], chunkDims[axis[d]]);
  }

  /** Whether jHDF does not find the chunks of such an index where they are. */
  boolean mustCount(byte indexing) {
    return switch (indexing) {
      case ChunkedDataLayoutMessageV4.EXTENSIBLE_ARRAY_INDEX,
          ChunkedDataLayoutMessageV4.FIXED_ARRAY_INDEX ->
          true;
      case ChunkedDataLayoutMessageV4.IMPLICIT_INDEX -> !asNow;
      default -> false;
    };
  }

  /** Where the chunk of that number starts; null when that is beyond the present shape. */
  private long[] place(long number) {
    long[] at = new long[dims.length];
    long rest = number;
    boolean inside = true;
    for (int d = axis.length - 1; d >= 0; d--) {
      long along = d == 0 ? rest : rest % chunksAlong(d);
      rest = d == 0 ? 0 : rest / chunksAlong(d);
      at[axis[d]] = along * chunkDims[axis[d]];
      inside &= along < ceil(dims[axis[d]], chunkDims[axis[d]]);
    }
    return inside ? at : null;
  }

  /**
   * The chunks by their true places; those beyond the present shape are left out.
   *
   * @param chunkBytes of a chunk that passes no filter
   */
  Map<ChunkOffset, Chunk> chunks(
      H5Source source, String key, ChunkedDataLayoutMessageV4 layout, int chunkBytes) {
    Map<ChunkOffset, Chunk> placed = new HashMap<>();
    if (layout.getIndexingType() == ChunkedDataLayoutMessageV4.EXTENSIBLE_ARRAY_INDEX) {
      new ExtensibleArray(
              source,
              key,
              chunkBytes,
              this::place,
              chunk -> placed.put(new ChunkOffset(chunk.getChunkOffset()), chunk))
          .read(layout.getAddress());
      return placed;
    }
    // all chunks in a line, so that jHDF's offsets are their numbers
    double all = 1;
    for (int d = 0; d < axis.length; d++) {
      all *= chunksAlong(d);
    }
    boolean implicit = layout.getIndexingType() == ChunkedDataLayoutMessageV4.IMPLICIT_INDEX;
    if (all * (implicit ? chunkBytes : 1) > source.available()) {
      throw source.bad(key, "has fewer bytes than its chunks take; the file is damaged");
    }
    var line = new DatasetInfo(chunkBytes, new long[] {(long) all}, new int[] {1});
    ChunkIndex index =
        implicit
            ? new ImplicitChunkIndex(layout.getAddress(), line)
            : new FixedArrayIndex(source.storage(), layout.getAddress(), line);
    for (Chunk chunk : index.getAllChunks()) {
      long[] place = place(chunk.getChunkOffset()[0]);
      if (place != null && chunk.getAddress() != NOWHERE) {
        placed.put(
            new ChunkOffset(place),
            new ChunkImpl(chunk.getAddress(), chunk.getSize(), place, chunk.getFilterMask()));
      }
    }
    return placed;
  }
}
