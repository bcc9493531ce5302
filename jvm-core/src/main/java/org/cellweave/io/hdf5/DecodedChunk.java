package org.cellweave.io.hdf5;

import io.jhdf.dataset.chunked.Chunk;

/** The bytes of a chunk after its filters. */
final class DecodedChunk {
  private byte[] bytes = new byte[0];
  private Chunk chunk;
  private int length;

  boolean holds(Chunk wanted) {
    return chunk == wanted;
  }

  /** Takes what was decoded, and leaves the array held so far for the next one. */
  void fill(Chunk of, Decoding decoding) {
    length = decoding.length();
    bytes = decoding.exchange(bytes);
    chunk = of;
  }

  /** At least {@link #length} bytes. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }
}
