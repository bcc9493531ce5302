package org.cellweave.io.store;

import java.nio.ByteBuffer;
import org.cellweave.io.binary.Numbers;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;

/** Reads a two-dimensional dataset into the blocks of a {@link DenseMatrix}. */
public final class DenseReader {
  private DenseReader() {}

  public static DenseMatrix read(StoreArray a, int nRows, int nCols) {
    DType type = a.type().dtype();
    DenseMatrix out = a.source().guard(a.key(), () -> DenseMatrix.zeros(nRows, nCols, type));
    a.forPieces((from, count, bytes) -> put(a, out, from, count, bytes));
    return out;
  }

  /** Reads some rows; {@code out} has as many as there are {@code rows}. */
  public static DenseMatrix readRows(StoreArray a, int[] rows, int nCols) {
    DenseMatrix out = DenseMatrix.zeros(rows.length, nCols, a.type().dtype());
    a.forRuns(Runs.ofRows(nCols, rows), (at, count, bytes) -> put(a, out, at, count, bytes));
    return out;
  }

  /** Elements {@code from <= i < from + count} of the flattened matrix. */
  private static void put(StoreArray a, DenseMatrix out, long from, int count, ByteBuffer bytes) {
    DType type = a.type().dtype();
    if (!Numbers.exactInDouble(type, bytes, count)) {
      throw a.source()
          .bad(
              a.key(),
              "holds 64-bit integers beyond 2^53, which would lose digits; "
                  + "convert the matrix to float64 in Python if that is acceptable");
    }
    long blockSize = (long) out.rowsPerBlock() * out.nCols();
    int done = 0;
    while (done < count) {
      long at = from + done;
      int block = (int) (at / blockSize);
      int inBlock = (int) (at - block * blockSize);
      int n = (int) Math.min(count - done, blockSize - inBlock);
      ByteBuffer part = bytes.duplicate().order(bytes.order());
      part.position(bytes.position() + done * type.bytes());
      if (out.isFloat32Stored()) {
        floats(type, part, n, out.floatBlock(block), inBlock);
      } else {
        Numbers.toDoubles(type, part, n, out.doubleBlock(block), inBlock);
      }
      done += n;
    }
  }

  private static void floats(DType type, ByteBuffer part, int n, float[] to, int at) {
    if (type == DType.FLOAT32 || type == DType.FLOAT16) {
      Numbers.copy(type, part, n, to, at);
      return;
    }
    double[] wide = new double[n];
    Numbers.toDoubles(type, part, n, wide, 0);
    for (int i = 0; i < n; i++) {
      to[at + i] = (float) wide[i];
    }
  }
}
