package org.cellweave.io.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.cellweave.io.binary.Filler;
import org.cellweave.io.store.ArrayOptions;
import org.cellweave.io.store.GrowingArray;
import org.cellweave.matrix.DType;

/**
 * A one-dimensional dataset that is made longer for every piece. Chunks are written when they are
 * full; the beginning of the next one waits for what comes behind it.
 */
final class H5Growing implements GrowingArray {
  private static final long CHUNK_BYTES = 1 << 20;

  private final H5Sink sink;
  private final String name;
  private final DType type;
  private final long dataset;
  private final int width;
  private final ChunkEncoder encoder;
  private final byte[] waiting;
  private int waitingCount;
  private long chunks;

  /**
   * @param most values that there may be in the end
   */
  H5Growing(H5Sink sink, ArrayOptions options, long group, String name, DType type, long most) {
    this.sink = sink;
    this.name = name;
    this.type = type;
    this.width = (int) Math.max(1, Math.min(CHUNK_BYTES / type.bytes(), most));
    this.dataset =
        sink.dataset(
            group,
            name,
            sink.type(type),
            new long[] {0},
            new long[] {-1},
            new long[] {width},
            options.gzipLevel(),
            options.shuffle());
    this.waiting = new byte[width * type.bytes()];
    this.encoder = new ChunkEncoder(options, options.gzipLevel() > 0, type.bytes(), waiting.length);
  }

  @Override
  public void append(long n, Filler values) {
    long all = waitingCount + n;
    sink.extend(dataset, new long[] {chunks * width + all}, name);
    int full = Math.toIntExact(all / width);
    encoder.forEach(full, (chunk, to) -> fill(chunk, values, to), this::write);
    int rest = (int) (all % width);
    int kept = full == 0 ? waitingCount : 0;
    if (rest > kept) {
      int size = type.bytes();
      ByteBuffer to = ByteBuffer.wrap(waiting, kept * size, (rest - kept) * size).slice();
      values.fill(n - (rest - kept), rest - kept, to.order(ByteOrder.LITTLE_ENDIAN));
    }
    waitingCount = rest;
    chunks += full;
  }

  private void fill(int chunk, Filler values, ByteBuffer to) {
    int before = chunk == 0 ? waitingCount : 0;
    to.put(waiting, 0, before * type.bytes());
    long from = (long) chunk * width - (chunk == 0 ? 0 : waitingCount);
    values.fill(from, width - before, to.slice().order(ByteOrder.LITTLE_ENDIAN));
    to.position(to.limit());
  }

  private void write(int chunk, ChunkEncoder.Encoded encoded, BytePointer bytes) {
    long[] offset = {(chunks + chunk) * width};
    sink.writeChunk(dataset, offset, encoded.skipped(), encoded.length(), bytes, name);
  }

  @Override
  public void close() {
    try (encoder) {
      if (waitingCount > 0) {
        int bytes = waitingCount * type.bytes();
        encoder.forEach(1, (chunk, to) -> to.put(waiting, 0, bytes), this::write);
      }
    }
    sink.closeDataset(dataset);
  }
}
