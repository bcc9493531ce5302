package org.cellweave.integrate.mnn;

import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Parallel;

/** A new matrix whose stored values are a function of another's: sparse stays sparse. */
final class StoredMap {
  private static final int BLOCK = 256;

  private StoredMap() {}

  /** The new value; of a sparse matrix it is asked for stored values alone. */
  @FunctionalInterface
  interface Entry {
    double of(int row, int col, double value);
  }

  /** As float64 where the values are that, else as float32. */
  static Matrix run(Matrix x, Entry entry) {
    var type = x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    return x instanceof DenseMatrix dense
        ? dense(dense, type, entry)
        : sparse(x.toCsr().withDType(type).own(), entry);
  }

  private static Matrix dense(DenseMatrix x, DType type, Entry entry) {
    var out = DenseMatrix.zeros(x.nRows(), x.nCols(), type);
    Parallel.forRange(
        x.nRows(),
        BLOCK,
        (from, to) -> {
          double[] row = new double[x.nCols()];
          for (int i = from; i < to; i++) {
            x.readRow(i, row);
            for (int j = 0; j < row.length; j++) {
              row[j] = entry.of(i, j, row[j]);
            }
            out.setRow(i, row);
          }
        });
    return out;
  }

  private static Matrix sparse(CsrMatrix own, Entry entry) {
    own.forBlocks(
        block -> {
          float[] narrow = block.values();
          for (int i = block.firstRow(); i < block.endRow(); i++) {
            for (int p = block.start(i); p < block.end(i); p++) {
              double value = entry.of(i, block.indices()[p], block.value(p));
              if (narrow != null) {
                narrow[p] = (float) value;
              } else {
                block.wideValues()[p] = value;
              }
            }
          }
        });
    return own;
  }
}
