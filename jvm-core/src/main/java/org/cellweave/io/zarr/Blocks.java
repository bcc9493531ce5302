package org.cellweave.io.zarr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.cellweave.io.binary.Filler;

/** The chunks of an array that is in memory as a whole. */
final class Blocks {
  private Blocks() {}

  /** Receives the elements of a chunk that follow each other in the array too. */
  interface Run {
    void copy(long from, int to, int n);
  }

  /** All chunks, those of one file after another. */
  static void forEach(ChunkGrid grid, Consumer<long[]> body) {
    int rank = grid.rank();
    for (int d = 0; d < rank; d++) {
      if (grid.shape()[d] == 0) {
        return;
      }
    }
    long[] file = new long[rank];
    do {
      inFile(grid, file, body);
    } while (next(file, d -> (grid.chunks(d) + in(grid, d) - 1) / in(grid, d)));
  }

  private static int in(ChunkGrid grid, int axis) {
    return grid.shard()[axis] / grid.chunk()[axis];
  }

  private static void inFile(ChunkGrid grid, long[] file, Consumer<long[]> body) {
    long[] inFile = new long[file.length];
    do {
      long[] at = new long[file.length];
      boolean inside = true;
      for (int d = 0; d < at.length; d++) {
        at[d] = file[d] * in(grid, d) + inFile[d];
        inside &= at[d] < grid.chunks(d);
      }
      if (inside) {
        body.accept(at);
      }
    } while (next(inFile, d -> in(grid, d)));
  }

  private interface Count {
    long of(int axis);
  }

  private static boolean next(long[] at, Count count) {
    int d = at.length - 1;
    while (d >= 0 && ++at[d] == count.of(d)) {
      at[d--] = 0;
    }
    return d >= 0;
  }

  static void forRuns(ChunkGrid grid, long[] place, Run run) {
    int rank = grid.rank();
    if (rank == 0) {
      run.copy(0, 0, 1);
      return;
    }
    int[] chunk = grid.chunk();
    int[] size = new int[rank];
    for (int d = 0; d < rank; d++) {
      size[d] = (int) Math.min(chunk[d], grid.shape()[d] - place[d] * chunk[d]);
    }
    long[] at = new long[rank];
    do {
      long from = 0;
      long to = 0;
      for (int d = 0; d < rank; d++) {
        from = from * grid.shape()[d] + place[d] * chunk[d] + at[d];
        to = to * chunk[d] + at[d];
      }
      run.copy(from, (int) to, size[rank - 1]);
    } while (next(at, d -> d == rank - 1 ? 1 : size[d]));
  }

  static byte[] bytes(ChunkGrid grid, ArrayDocument.Elements of, Filler values, long[] place) {
    byte[] out = new byte[grid.chunkElements() * of.size()];
    ByteBuffer all = ByteBuffer.wrap(out);
    forRuns(
        grid,
        place,
        (from, to, n) -> {
          ByteBuffer part = all.slice(to * of.size(), n * of.size());
          values.fill(from, n, part.order(ByteOrder.LITTLE_ENDIAN));
        });
    return out;
  }
}
