package org.cellweave.io.hdf5;

import org.bytedeco.javacpp.BytePointer;
import org.cellweave.io.binary.Filler;
import org.cellweave.io.store.ArrayOptions;
import org.cellweave.io.store.RowsWriter;
import org.cellweave.matrix.DType;

/** A dense matrix of which some rows are written at a time; the library compresses them. */
final class H5Rows extends H5Object implements RowsWriter {
  private static final long CHUNK_BYTES = 1 << 20;
  private static final int BUFFER_ELEMENTS = 1 << 20;

  private final String name;
  private final DType type;
  private final long[] shape;

  private H5Rows(H5Sink sink, long dataset, String name, DType type, long[] shape) {
    super(sink, dataset);
    this.name = name;
    this.type = type;
    this.shape = shape;
  }

  static H5Rows create(
      H5Sink sink,
      ArrayOptions options,
      long group,
      String name,
      DType type,
      int nRows,
      int nCols) {
    long[] shape = {nRows, nCols};
    long[] chunk =
        options.isCompressed() && nRows > 0 && nCols > 0
            ? new long[] {clamp(CHUNK_BYTES / rowBytes(type, nCols), nRows), nCols}
            : null;
    long dataset =
        sink.dataset(
            group,
            name,
            sink.type(type),
            shape,
            null,
            chunk,
            options.gzipLevel(),
            options.shuffle());
    return new H5Rows(sink, dataset, name, type, shape);
  }

  private static long rowBytes(DType type, long nCols) {
    return Math.max(1, nCols * type.bytes());
  }

  private static long clamp(long value, long most) {
    return Math.max(1, Math.min(value, most));
  }

  @Override
  public void write(int firstRow, int nRows, Filler values) {
    int nCols = (int) shape[1];
    int some = (int) clamp(BUFFER_ELEMENTS / Math.max(1, nCols), nRows);
    try (var buffer = new BytePointer(some * rowBytes(type, nCols))) {
      for (int row = 0; row < nRows && nCols > 0; row += some) {
        int n = Math.min(some, nRows - row);
        values.fill((long) row * nCols, n * nCols, H5Sink.view(buffer));
        sink.writeRows(id, sink.type(type), shape, (long) firstRow + row, n, buffer, name);
      }
    }
  }
}
