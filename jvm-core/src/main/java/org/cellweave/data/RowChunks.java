package org.cellweave.data;

import java.util.stream.IntStream;

/** X some rows at a time. */
final class RowChunks {
  private RowChunks() {}

  static Iterable<AnnData.Chunk> of(MatrixSlot x, int nRows, int rowsPerChunk) {
    if (!x.isBacked() && x.get() == null) {
      throw new IllegalArgumentException("chunkedX needs X, but there is none. Call setX() first");
    }
    int chunks = (int) (((long) nRows + rowsPerChunk - 1) / rowsPerChunk);
    return () ->
        IntStream.range(0, chunks)
            .mapToObj(c -> chunk(x, c * rowsPerChunk, nRows, rowsPerChunk))
            .iterator();
  }

  private static AnnData.Chunk chunk(MatrixSlot x, int first, int nRows, int rowsPerChunk) {
    int end = (int) Math.min(nRows, (long) first + rowsPerChunk);
    return new AnnData.Chunk(first, end, x.rows(IntStream.range(first, end).toArray()));
  }
}
