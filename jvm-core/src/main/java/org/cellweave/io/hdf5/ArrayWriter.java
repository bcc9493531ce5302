package org.cellweave.io.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.cellweave.io.binary.Filler;
import org.cellweave.io.store.ArrayOptions;
import org.cellweave.matrix.DType;

/**
 * Writes numeric arrays piece by piece; a {@link ChunkEncoder} fills and compresses these side by
 * side.
 */
final class ArrayWriter {
  private static final int PIECE_BYTES = 1 << 20;

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

    void fill(int piece, ByteBuffer to) {
      int count = (int) (rows(piece) * rowSize);
      filler.fill(piece * pieceRows * rowSize, count, to.slice().order(ByteOrder.LITTLE_ENDIAN));
      to.position(count * type.bytes());
    }
  }

  private void write(long dataset, Pieces pieces, boolean chunked, boolean compressed) {
    try (var encoder = new ChunkEncoder(options, compressed, pieces.type.bytes(), pieces.bytes())) {
      encoder.forEach(
          pieces.count(),
          pieces::fill,
          (piece, encoded, bytes) -> hand(dataset, pieces, piece, bytes, encoded, chunked));
    }
  }

  private void hand(
      long dataset,
      Pieces pieces,
      int piece,
      BytePointer buffer,
      ChunkEncoder.Encoded encoded,
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
}
