package org.cellweave.io.hdf5;

import org.bytedeco.javacpp.BytePointer;
import org.cellweave.io.binary.Filler;
import org.cellweave.io.store.ArrayOptions;
import org.cellweave.io.store.GrowingArray;
import org.cellweave.matrix.DType;

/** A one-dimensional dataset that is made longer for every piece. */
final class H5Growing implements GrowingArray {
  private static final long CHUNK_BYTES = 1 << 20;
  private static final int BUFFER_ELEMENTS = 1 << 20;

  private final H5Sink sink;
  private final String name;
  private final DType type;
  private final long dataset;
  private long size;

  /**
   * @param most values that there may be in the end
   */
  H5Growing(H5Sink sink, ArrayOptions options, long group, String name, DType type, long most) {
    this.sink = sink;
    this.name = name;
    this.type = type;
    this.dataset =
        sink.dataset(
            group,
            name,
            sink.type(type),
            new long[] {0},
            new long[] {-1},
            new long[] {Math.max(1, Math.min(CHUNK_BYTES / type.bytes(), most))},
            options.gzipLevel(),
            options.shuffle());
  }

  @Override
  public void append(long n, Filler values) {
    long[] shape = {size + n};
    sink.extend(dataset, shape, name);
    try (var buffer = new BytePointer((long) BUFFER_ELEMENTS * type.bytes())) {
      for (long done = 0; done < n; done += BUFFER_ELEMENTS) {
        int some = (int) Math.min(BUFFER_ELEMENTS, n - done);
        values.fill(done, some, H5Sink.view(buffer));
        sink.writeRows(dataset, sink.type(type), shape, size + done, some, buffer, name);
      }
    }
    size += n;
  }

  @Override
  public void close() {
    sink.closeDataset(dataset);
  }
}
