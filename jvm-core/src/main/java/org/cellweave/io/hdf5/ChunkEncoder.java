package org.cellweave.io.hdf5;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.cellweave.io.store.ArrayOptions;
import org.cellweave.util.Parallel;

/**
 * Chunks on their way into a dataset: filled and compressed side by side, a batch at a time, and
 * handed on in order by one thread, so that the bytes do not depend on the number of threads.
 */
final class ChunkEncoder implements AutoCloseable {
  private static final int BATCH = 16;

  private final ArrayOptions options;
  private final boolean compressed;
  private final int elementSize;
  private final int chunkBytes;
  private final BytePointer[] buffers = new BytePointer[BATCH];

  /**
   * @param compressed false leaves the bytes alone, whatever the options say
   */
  ChunkEncoder(ArrayOptions options, boolean compressed, int elementSize, int chunkBytes) {
    this.options = options;
    this.compressed = compressed;
    this.elementSize = elementSize;
    this.chunkBytes = chunkBytes;
  }

  /** Fills a chunk; what it leaves is zero. */
  @FunctionalInterface
  interface Filling {
    void fill(int chunk, ByteBuffer to);
  }

  /**
   * Receives an encoded chunk.
   *
   * @see Encoded
   */
  @FunctionalInterface
  interface Hand {
    void accept(int chunk, Encoded encoded, BytePointer bytes);
  }

  /**
   * @param length bytes that count
   * @param skipped bits of the filters that were not applied
   */
  record Encoded(int length, int skipped) {}

  /** Encodes chunks 0 to {@code n - 1}. */
  void forEach(int n, Filling filling, Hand hand) {
    for (int first = 0; first < n; first += BATCH) {
      int start = first;
      Encoded[] encoded = new Encoded[Math.min(BATCH, n - first)];
      for (int b = 0; b < encoded.length; b++) {
        // Deflate may lengthen what it cannot shorten.
        long room = chunkBytes + (compressed ? chunkBytes / 1000 + 1024L : 0);
        buffers[b] = buffers[b] == null ? new BytePointer(room) : buffers[b];
      }
      Parallel.forBlocks(encoded.length, b -> encoded[b] = encode(start + b, filling, buffers[b]));
      for (int b = 0; b < encoded.length; b++) {
        hand.accept(start + b, encoded[b], buffers[b]);
      }
    }
  }

  private Encoded encode(int chunk, Filling filling, BytePointer buffer) {
    ByteBuffer out = H5Sink.view(buffer);
    if (!compressed) {
      fill(chunk, filling, out.limit(chunkBytes));
      return new Encoded(chunkBytes, 0);
    }
    Encoding encoding = Encoding.ofThisThread();
    fill(chunk, filling, encoding.start(chunkBytes));
    if (options.isLzf()) {
      byte[] lzf = Lzf.encode(encoding.data());
      byte[] bytes = lzf == null ? encoding.data() : lzf;
      out.put(bytes);
      return new Encoded(bytes.length, lzf == null ? 1 : 0);
    }
    if (options.shuffle()) {
      encoding.shuffle(elementSize);
    }
    encoding.deflate(options.level(), out);
    return new Encoded(out.position(), 0);
  }

  private static void fill(int chunk, Filling filling, ByteBuffer to) {
    filling.fill(chunk, to);
    while (to.hasRemaining()) {
      to.put((byte) 0);
    }
  }

  @Override
  public void close() {
    for (BytePointer buffer : buffers) {
      if (buffer != null) {
        buffer.close();
      }
    }
  }
}
