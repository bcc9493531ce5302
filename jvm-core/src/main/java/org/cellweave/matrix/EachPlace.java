package org.cellweave.matrix;

import org.cellweave.util.Parallel;

/**
 * New matrices whose numbers come from those of another, place by place: read in float64 a row at a
 * time, changed, and rounded once. Rows are independent, so that threads do not matter.
 */
final class EachPlace {
  private static final int PLACES = 1 << 16;
  private static final int PIECE = 1 << 12;

  private EachPlace() {}

  /** Changes the first {@code n} numbers. */
  @FunctionalInterface
  interface Change {
    void apply(double[] v, int n);
  }

  /** Every place of {@code x}, sparse or dense, as a dense matrix. */
  static DenseMatrix dense(Matrix x, DType type, Beside change, Others others) {
    var out = DenseMatrix.zeros(x.nRows(), x.nCols(), type);
    var rows = Rows.of(x);
    int nCols = x.nCols();
    forRows(
        x,
        (from, to) -> {
          double[] row = new double[nCols];
          double[] beside = new double[nCols];
          for (int i = from; i < to; i++) {
            rows.read(i, row);
            others.beside(i, beside, nCols);
            change.apply(row, beside, nCols);
            out.setRow(i, row);
          }
        });
    return out;
  }

  /** As {@link #dense(Matrix, DType, Beside, Others)} of every place alone. */
  static DenseMatrix dense(DenseMatrix x, DType type, Change change) {
    var out = DenseMatrix.zeros(x.nRows(), x.nCols(), type);
    int nCols = x.nCols();
    forRows(
        x,
        (from, to) -> {
          double[] row = new double[nCols];
          for (int i = from; i < to; i++) {
            x.readRow(i, row);
            change.apply(row, nCols);
            out.setRow(i, row);
          }
        });
    return out;
  }

  private static void forRows(Matrix x, Parallel.RangeBody body) {
    Parallel.forRange(x.nRows(), Math.max(1, PLACES / Math.max(1, x.nCols())), body);
  }

  /** Stored values alone; the structure is shared. */
  static CsrMatrix stored(CsrMatrix x, DType type, boolean float32, Beside change, Others others) {
    var out = sameStructure(x, type, float32);
    Parallel.forBlocks(
        x.blockCount(),
        b -> {
          CsrMatrix.Block from = x.block(b);
          double[] row = new double[PIECE];
          double[] beside = new double[PIECE];
          for (int i = from.firstRow(); i < from.endRow(); i++) {
            int end = from.end(i);
            for (int p = from.start(i); p < end; p += PIECE) {
              int n = Math.min(PIECE, end - p);
              read(from, p, n, row);
              others.beside(i, from.indices(), p, n, beside);
              change.apply(row, beside, n);
              write(out.block(b), p, n, row);
            }
          }
        });
    return out;
  }

  /** As {@link #stored(CsrMatrix, DType, boolean, Beside, Others)} of every value alone. */
  static CsrMatrix stored(CsrMatrix x, DType type, boolean float32, Change change) {
    var out = sameStructure(x, type, float32);
    Parallel.forBlocks(
        x.blockCount(),
        b -> {
          CsrMatrix.Block from = x.block(b);
          double[] piece = new double[PIECE];
          for (int p = 0; p < from.nnz(); p += PIECE) {
            int n = Math.min(PIECE, from.nnz() - p);
            read(from, p, n, piece);
            change.apply(piece, n);
            write(out.block(b), p, n, piece);
          }
        });
    return out;
  }

  private static CsrMatrix sameStructure(CsrMatrix x, DType type, boolean float32) {
    CsrMatrix.Block[] blocks = new CsrMatrix.Block[x.blockCount()];
    Parallel.forBlocks(
        blocks.length,
        b -> {
          CsrMatrix.Block from = x.block(b);
          blocks[b] =
              new CsrMatrix.Block(
                  x.rowPtr(),
                  from.firstRow(),
                  from.endRow(),
                  from.indices(),
                  float32 ? new float[from.nnz()] : null,
                  float32 ? null : new double[from.nnz()]);
        });
    return new CsrMatrix(x.nRows(), x.nCols(), type, x.rowPtr(), blocks);
  }

  private static void read(CsrMatrix.Block block, int p, int n, double[] to) {
    float[] narrow = block.values();
    if (narrow == null) {
      System.arraycopy(block.wideValues(), p, to, 0, n);
      return;
    }
    for (int k = 0; k < n; k++) {
      to[k] = narrow[p + k];
    }
  }

  private static void write(CsrMatrix.Block block, int p, int n, double[] from) {
    float[] narrow = block.values();
    if (narrow == null) {
      System.arraycopy(from, 0, block.wideValues(), p, n);
      return;
    }
    for (int k = 0; k < n; k++) {
      narrow[p + k] = (float) from[k];
    }
  }

  /** Without the stored zeros; {@code x} itself when there are none. */
  static CsrMatrix compacted(CsrMatrix x) {
    long[] ptr = new long[x.nRows() + 1];
    x.forBlocks(
        from -> {
          for (int i = from.firstRow(); i < from.endRow(); i++) {
            int n = 0;
            for (int p = from.start(i); p < from.end(i); p++) {
              n += from.value(p) != 0 ? 1 : 0;
            }
            ptr[i + 1] = n;
          }
        });
    for (int i = 0; i < x.nRows(); i++) {
      ptr[i + 1] += ptr[i];
    }
    if (ptr[x.nRows()] == x.nnz()) {
      return x;
    }
    var out = CsrMatrix.allocate(x.nCols(), ptr, x.dtype(), x.isFloat32Stored());
    out.forBlocks(
        to -> {
          int q = 0;
          for (int i = to.firstRow(); i < to.endRow(); i++) {
            CsrMatrix.Block from = x.blockOf(i);
            for (int p = from.start(i); p < from.end(i); p++) {
              double v = from.value(p);
              if (v != 0) {
                to.indices()[q] = from.indices()[p];
                put(to, q++, v);
              }
            }
          }
        });
    return out;
  }

  static void put(CsrMatrix.Block block, int p, double v) {
    if (block.values() != null) {
      block.values()[p] = (float) v;
    } else {
      block.wideValues()[p] = v;
    }
  }
}
