package org.cellweave.io;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.cellweave.data.RowSource;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;

/** Writes a matrix of which only some rows are in memory at a time. */
final class RowWriter {
  private static final long CHUNK_BYTES = 1 << 20;
  private static final int BUFFER_ELEMENTS = 1 << 20;

  private final H5Sink sink;
  private final ElementWriter elements;
  private final H5adWriter.Options options;

  RowWriter(H5Sink sink, ElementWriter elements, H5adWriter.Options options) {
    this.sink = sink;
    this.elements = elements;
    this.options = options;
    if (options.compression() == H5adWriter.Compression.LZF) {
      throw new IllegalArgumentException(
          "compression must be 'gzip' or none for rows that are written piece by piece, got 'lzf'");
    }
  }

  void write(long parent, String name, RowSource rows) {
    if (rows.isSparse()) {
      sparse(parent, name, rows);
    } else {
      dense(parent, name, rows);
    }
  }

  private int rowsAtOnce(RowSource rows) {
    long n = options.maxLoadedElems() / Math.max(1, rows.nCols());
    return (int) Math.max(1, Math.min(n, Math.max(1, rows.nRows())));
  }

  private interface Piece {
    void rows(int from, int to);
  }

  private void forPieces(RowSource rows, Piece piece) {
    int step = rowsAtOnce(rows);
    for (int from = 0; from < rows.nRows(); from += Math.min(step, rows.nRows() - from)) {
      Parallel.checkInterrupted();
      int to = from + Math.min(step, rows.nRows() - from);
      piece.rows(from, to);
      options.progress().step("rows", to, rows.nRows(), Double.NaN);
    }
  }

  private void sparse(long parent, String name, RowSource rows) {
    long group = sink.group(parent, name, false);
    elements.encoding(group, "csr_matrix", "0.1.0");
    sink.attribute(group, "shape", new long[] {rows.nRows(), rows.nCols()});
    // scipy wants one type for both, and int32 wherever it is enough.
    DType index = rows.mostValues() > Integer.MAX_VALUE ? DType.INT64 : DType.INT32;
    var data = new Growing(group, "data", rows.dtype(), rows.mostValues());
    var indices = new Growing(group, "indices", index, rows.mostValues());
    long[] pointers = new long[rows.nRows() + 1];
    forPieces(
        rows,
        (from, to) -> {
          CsrMatrix part = rows.rows(from, to).toCsr();
          for (int i = from; i < to; i++) {
            pointers[i + 1] = pointers[i] + part.rowNnz(i - from);
          }
          data.append(part.nnz(), Fillers.sparseValues(part, name));
          indices.append(part.nnz(), Fillers.sparseIndices(part, index));
        });
    data.close();
    indices.close();
    var indptr = new Growing(group, "indptr", index, pointers.length);
    indptr.append(pointers.length, Fillers.longs(index, pointers));
    indptr.close();
    sink.closeGroup(group);
  }

  private void dense(long parent, String name, RowSource rows) {
    long[] shape = {rows.nRows(), rows.nCols()};
    long rowBytes = Math.max(1, (long) rows.nCols() * rows.dtype().bytes());
    long[] chunk =
        compressed() && rows.nRows() > 0 && rows.nCols() > 0
            ? new long[] {clamp(CHUNK_BYTES / rowBytes, rows.nRows()), rows.nCols()}
            : null;
    long type = sink.type(rows.dtype());
    long dataset = sink.dataset(parent, name, type, shape, null, chunk, level(), options.shuffle());
    forPieces(
        rows,
        (from, to) -> {
          DenseMatrix part = rows.rows(from, to).toDense();
          int some = (int) clamp(BUFFER_ELEMENTS / Math.max(1, rows.nCols()), to - from);
          try (var buffer = new BytePointer(some * rowBytes)) {
            for (int row = from; row < to && rows.nCols() > 0; row += some) {
              int n = Math.min(some, to - row);
              ByteBuffer view = H5Sink.view(buffer);
              long first = (long) (row - from) * rows.nCols();
              Fillers.dense(part, name).fill(first, n * rows.nCols(), view);
              sink.writeRows(dataset, type, shape, row, n, buffer, name);
            }
          }
        });
    elements.encoding(dataset, "array", "0.2.0");
    sink.closeDataset(dataset);
  }

  private boolean compressed() {
    return options.compression() != H5adWriter.Compression.NONE;
  }

  private int level() {
    return compressed() ? options.level() : 0;
  }

  private static long clamp(long value, long most) {
    return Math.max(1, Math.min(value, most));
  }

  /** A one-dimensional dataset that is written from its beginning to its end. */
  private final class Growing {
    private final String name;
    private final DType type;
    private final long dataset;
    private long size;

    /**
     * @param most values that there may be in the end
     */
    Growing(long group, String name, DType type, long most) {
      this.name = name;
      this.type = type;
      dataset =
          sink.dataset(
              group,
              name,
              sink.type(type),
              new long[] {0},
              new long[] {-1},
              new long[] {clamp(CHUNK_BYTES / type.bytes(), most)},
              level(),
              options.shuffle());
    }

    void append(long n, ArrayWriter.Filler filler) {
      long[] shape = {size + n};
      sink.extend(dataset, shape, name);
      try (var buffer = new BytePointer((long) BUFFER_ELEMENTS * type.bytes())) {
        for (long done = 0; done < n; done += BUFFER_ELEMENTS) {
          int some = (int) Math.min(BUFFER_ELEMENTS, n - done);
          filler.fill(done, some, H5Sink.view(buffer));
          sink.writeRows(dataset, sink.type(type), shape, size + done, some, buffer, name);
        }
      }
      size += n;
    }

    void close() {
      sink.closeDataset(dataset);
    }
  }
}
