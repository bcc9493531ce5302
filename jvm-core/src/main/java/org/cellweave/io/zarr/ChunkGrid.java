package org.cellweave.io.zarr;

import java.util.Arrays;
import java.util.List;

/**
 * How a new array is cut.
 *
 * @param shard shape of what lies in one file; equal to {@code chunk} where each has its own
 */
record ChunkGrid(long[] shape, int[] chunk, int[] shard) {
  private static final long CHUNK_BYTES = 1 << 20;
  private static final long SHARD_BYTES = 1_000_000_000;
  private static final int MOST = Integer.MAX_VALUE - 64;

  /**
   * @param elementSize of texts, about as many bytes as one has
   * @param isX whether the shapes that the user chose are for this array
   * @throws IllegalArgumentException for shapes that do not fit each other
   */
  static ChunkGrid of(long[] shape, int elementSize, ZarrOptions options, boolean isX) {
    int[] chunk =
        isX && !options.chunks().isEmpty()
            ? chosen(options.chunks(), shape, "chunks")
            : wholeRows(shape, elementSize);
    boolean sharding = options.sharding() && options.version() == 3 && shape.length > 0;
    int[] shard = chunk;
    if (sharding && isX && !options.shards().isEmpty()) {
      shard = chosen(options.shards(), shape, "shards");
      requireMultiples(shard, chunk);
    } else if (sharding) {
      shard = shards(shape, chunk, elementSize);
    }
    return new ChunkGrid(shape, chunk, shard);
  }

  private static int[] chosen(List<Integer> given, long[] shape, String name) {
    if (given.size() != shape.length) {
      throw new IllegalArgumentException(
          name + " must have " + shape.length + " numbers, one for each axis of X, got " + given);
    }
    int[] out = new int[shape.length];
    for (int d = 0; d < out.length; d++) {
      out[d] = name.equals("chunks") ? (int) Math.min(given.get(d), ones(shape[d])) : given.get(d);
    }
    return out;
  }

  private static void requireMultiples(int[] shard, int[] chunk) {
    for (int d = 0; d < shard.length; d++) {
      if (shard[d] % chunk[d] != 0) {
        throw new IllegalArgumentException(
            "shards must be multiples of chunks, got "
                + Arrays.toString(shard)
                + " for chunks of "
                + Arrays.toString(chunk));
      }
    }
  }

  private static long ones(long n) {
    return Math.max(1, Math.min(n, MOST));
  }

  private static int[] wholeRows(long[] shape, int elementSize) {
    int[] out = new int[shape.length];
    long row = elementSize;
    for (int d = 1; d < out.length; d++) {
      out[d] = (int) ones(shape[d]);
      row = Math.multiplyExact(row, (long) out[d]);
    }
    if (out.length > 0) {
      out[0] = (int) ones(Math.min(shape[0], Math.max(1, CHUNK_BYTES / row)));
    }
    return out;
  }

  /** Whole rows of chunks, as many as fit. */
  private static int[] shards(long[] shape, int[] chunk, int elementSize) {
    int[] out = chunk.clone();
    long band = elementSize;
    for (int d = 0; d < out.length; d++) {
      long n = (ones(shape[d]) + chunk[d] - 1) / chunk[d];
      if (d > 0) {
        out[d] = Math.toIntExact(n * chunk[d]);
      }
      band = Math.multiplyExact(band, (long) out[d]);
    }
    long bands = (ones(shape[0]) + chunk[0] - 1) / chunk[0];
    long most = Math.max(1, Math.min(SHARD_BYTES / band, MOST / chunk[0]));
    out[0] = (int) (chunk[0] * Math.min(bands, most));
    return out;
  }

  int rank() {
    return chunk.length;
  }

  /** False where each chunk has a file of its own. */
  boolean isSharded() {
    return !Arrays.equals(shard, chunk);
  }

  /** Whether chunks hold whole rows, so that they follow each other. */
  boolean isByRows() {
    for (int d = 1; d < chunk.length; d++) {
      if (chunk[d] < shape[d]) {
        return false;
      }
    }
    return true;
  }

  int chunkElements() {
    long n = 1;
    for (int c : chunk) {
      n = Math.multiplyExact(n, (long) c);
    }
    if (n > MOST) {
      throw new IllegalArgumentException(
          "chunks of " + Arrays.toString(chunk) + " are larger than 2 GiB; choose smaller ones");
    }
    return (int) n;
  }

  long chunks(int axis) {
    return (shape[axis] + chunk[axis] - 1) / chunk[axis];
  }

  private int inShard(int axis) {
    return shard[axis] / chunk[axis];
  }

  int chunksInFile() {
    int n = 1;
    for (int d = 0; d < chunk.length; d++) {
      n = Math.multiplyExact(n, inShard(d));
    }
    return n;
  }

  /** The place of the file that a chunk lies in. */
  long[] file(long[] at) {
    long[] out = at.clone();
    for (int d = 0; d < out.length; d++) {
      out[d] /= inShard(d);
    }
    return out;
  }

  /** The number of a chunk in its file. */
  int place(long[] at) {
    int out = 0;
    for (int d = 0; d < at.length; d++) {
      out = out * inShard(d) + (int) (at[d] % inShard(d));
    }
    return out;
  }
}
