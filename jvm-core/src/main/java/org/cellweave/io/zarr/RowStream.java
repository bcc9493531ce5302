package org.cellweave.io.zarr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.cellweave.io.binary.Filler;
import org.cellweave.io.store.GrowingArray;

/** An array in chunks of whole rows, written from its beginning to its end. */
class RowStream implements GrowingArray {
  private final ChunkWriter chunks;
  private final int rank;
  private final int chunk;
  private final int size;
  private byte[] rest;
  private int inRest;
  private long elements;

  RowStream(ChunkWriter chunks, ChunkGrid grid, int elementSize) {
    this.chunks = chunks;
    this.rank = grid.rank();
    this.chunk = grid.chunkElements();
    this.size = elementSize;
  }

  /** Elements so far. */
  long elements() {
    return elements;
  }

  @Override
  public void append(long n, Filler values) {
    int before = inRest;
    byte[] head = rest;
    long all = before + n;
    long whole = all / chunk;
    for (long c = 0; c < whole; c++) {
      long from = c * chunk - before;
      chunks.add(place(elements - before + c * chunk), at -> filled(head, from, values));
    }
    // what waits refers to these values, which the caller may change
    chunks.flush();
    long done = whole * chunk - before;
    inRest = (int) (all - whole * chunk);
    if (whole > 0 || rest == null) {
      rest = new byte[inRest == 0 ? 0 : chunk * size];
      fill(values, Math.max(0, done), inRest, rest, 0);
    } else {
      fill(values, 0, (int) n, rest, before);
    }
    elements += n;
  }

  private long[] place(long element) {
    long[] at = new long[rank];
    if (rank > 0) {
      at[0] = element / chunk;
    }
    return at;
  }

  /** A whole chunk; the first begins with what was left. */
  private byte[] filled(byte[] head, long from, Filler values) {
    byte[] out = new byte[chunk * size];
    int kept = from < 0 ? (int) -from : 0;
    if (kept > 0) {
      System.arraycopy(head, 0, out, 0, kept * size);
    }
    fill(values, Math.max(0, from), chunk - kept, out, kept);
    return out;
  }

  private void fill(Filler values, long from, int n, byte[] to, int at) {
    if (n > 0) {
      ByteBuffer part = ByteBuffer.wrap(to).slice(at * size, n * size);
      values.fill(from, n, part.order(ByteOrder.LITTLE_ENDIAN));
    }
  }

  @Override
  public void close() {
    if (inRest > 0) {
      byte[] last = rest;
      chunks.add(place(elements - inRest), at -> last);
    }
    chunks.finish();
  }
}
