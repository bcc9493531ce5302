package org.cellweave.io.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.bytedeco.javacpp.BytePointer;
import org.cellweave.io.binary.Filler;
import org.cellweave.io.store.ArrayOptions;
import org.cellweave.matrix.DType;
import org.cellweave.util.Parallel;

/**
 * Writes numeric arrays piece by piece: pieces are filled (and compressed) in parallel, a batch at
 * a time, and handed to the library in order, so that the bytes do not depend on the thread count.
 */
final class ArrayWriter {
  private static final int PIECE_BYTES = 1 << 20;
  private static final int BATCH = 16;

  private final H5Sink sink;
  private final ArrayOptions options;

  ArrayWriter(H5Sink sink, ArrayOptions options) {
    this.sink = sink;
    this.options = options;
  }

  /** Writes an array and returns the open dataset; growable ones are always chunked. */
  long write(long parent, String name, DType type, long[] shape, boolean growable, Filler filler) {
    long rowSize = 1;
    for (int d = 1; d < shape.length; d++) {
      rowSize *= shape[d];
    }
    long size = shape.length == 0 ? 1 : shape[0] * rowSize;
    boolean compressed = options.isCompressed() && size > 0 && shape.length > 0;
    boolean chunked = shape.length > 0 && (growable || compressed);
    long pieceRows = pieceRows(shape, rowSize, type);
    H5Sink.Layout layout = layout(type, shape, growable, chunked, compressed, pieceRows, rowSize);
    long dataset = sink.dataset(parent, name, sink.type(type), shape, layout);
    if (size > 0) {
      if (shape.length == 0) {
        writeScalar(dataset, type, filler, name);
      } else {
        var pieces = new Pieces(name, type, shape, rowSize, pieceRows, filler);
        write(dataset, pieces, chunked, compressed);
      }
    }
    return dataset;
  }

  private static long pieceRows(long[] shape, long rowSize, DType type) {
    if (shape.length == 0) {
      return 1;
    }
    long wanted = Math.max(1, PIECE_BYTES / Math.max(1, rowSize * type.bytes()));
    return Math.max(1, Math.min(wanted, shape[0]));
  }

  private H5Sink.Layout layout(
      DType type,
      long[] shape,
      boolean growable,
      boolean chunked,
      boolean compressed,
      long pieceRows,
      long rowSize) {
    long[] chunk = null;
    if (chunked) {
      chunk = shape.clone();
      chunk[0] = pieceRows;
    }
    long[] max = null;
    if (growable) {
      max = new long[shape.length];
      Arrays.fill(max, -1);
    }
    boolean lzf = compressed && options.isLzf();
    int level = compressed ? options.gzipLevel() : 0;
    int lzfBytes = lzf ? Math.toIntExact(pieceRows * rowSize * type.bytes()) : 0;
    return new H5Sink.Layout(max, chunk, level, options.shuffle(), lzfBytes, false);
  }

  private void writeScalar(long dataset, DType type, Filler filler, String name) {
    try (BytePointer buffer = new BytePointer(type.bytes())) {
      filler.fill(0, 1, H5Sink.view(buffer));
      sink.write(dataset, sink.type(type), buffer, name);
    }
  }

  private record Pieces(
      String name, DType type, long[] shape, long rowSize, long pieceRows, Filler filler) {
    int count() {
      return Math.toIntExact((shape[0] + pieceRows - 1) / pieceRows);
    }

    long rows(int piece) {
      return Math.min(pieceRows, shape[0] - piece * pieceRows);
    }

    int bytes() {
      return Math.toIntExact(pieceRows * rowSize * type.bytes());
    }

    /** Fills a buffer, the rest of which is zero. */
    void fill(int piece, ByteBuffer to) {
      int count = (int) (rows(piece) * rowSize);
      filler.fill(piece * pieceRows * rowSize, count, to);
      for (int at = count * type.bytes(); at < to.capacity(); at++) {
        to.put(at, (byte) 0);
      }
    }
  }

  private void write(long dataset, Pieces pieces, boolean chunked, boolean compressed) {
    int n = pieces.count();
    int batch = Math.min(BATCH, n);
    BytePointer[] buffers = new BytePointer[batch];
    try {
      for (int b = 0; b < batch; b++) {
        // Deflate may lengthen what it cannot shorten.
        buffers[b] =
            new BytePointer(pieces.bytes() + (compressed ? pieces.bytes() / 1000 + 1024L : 0));
      }
      for (int first = 0; first < n; first += batch) {
        int start = first;
        Encoded[] encoded = new Encoded[Math.min(batch, n - first)];
        Parallel.forBlocks(
            encoded.length, b -> encoded[b] = encode(pieces, start + b, buffers[b], compressed));
        for (int b = 0; b < encoded.length; b++) {
          hand(dataset, pieces, start + b, buffers[b], encoded[b], chunked);
        }
      }
    } finally {
      for (BytePointer buffer : buffers) {
        if (buffer != null) {
          buffer.close();
        }
      }
    }
  }

  /**
   * @param skipped bits of the filters that were not applied
   */
  private record Encoded(int length, int skipped) {}

  private void hand(
      long dataset,
      Pieces pieces,
      int piece,
      BytePointer buffer,
      Encoded encoded,
      boolean chunked) {
    long row = piece * pieces.pieceRows;
    if (chunked) {
      long[] offset = new long[pieces.shape.length];
      offset[0] = row;
      sink.writeChunk(dataset, offset, encoded.skipped(), encoded.length(), buffer, pieces.name);
    } else {
      sink.writeRows(
          dataset,
          sink.type(pieces.type),
          pieces.shape,
          row,
          pieces.rows(piece),
          buffer,
          pieces.name);
    }
  }

  /** Fills {@code buffer} with the bytes of a chunk as they lie in the file. */
  private Encoded encode(Pieces pieces, int piece, BytePointer buffer, boolean compressed) {
    if (!compressed) {
      ByteBuffer view = H5Sink.view(buffer);
      pieces.fill(piece, view);
      return new Encoded(pieces.bytes(), 0);
    }
    ByteBuffer plain = ByteBuffer.allocate(pieces.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    pieces.fill(piece, plain);
    if (options.isLzf()) {
      byte[] lzf = Lzf.encode(plain.array());
      byte[] bytes = lzf == null ? plain.array() : lzf;
      buffer.put(bytes, 0, bytes.length);
      return new Encoded(bytes.length, lzf == null ? 1 : 0);
    }
    byte[] bytes = options.shuffle() ? shuffled(plain.array(), pieces.type.bytes()) : plain.array();
    var deflater = new Deflater(options.level());
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteBuffer out = H5Sink.view(buffer);
      while (!deflater.finished()) {
        deflater.deflate(out);
      }
      return new Encoded(out.position(), 0);
    } finally {
      deflater.end();
    }
  }

  /** All first bytes, then all second bytes, and so on. */
  private static byte[] shuffled(byte[] bytes, int elementSize) {
    if (elementSize == 1) {
      return bytes;
    }
    int n = bytes.length / elementSize;
    byte[] out = new byte[bytes.length];
    for (int b = 0; b < elementSize; b++) {
      int to = b * n;
      for (int i = 0, from = b; i < n; i++, from += elementSize) {
        out[to + i] = bytes[from];
      }
    }
    return out;
  }
}
