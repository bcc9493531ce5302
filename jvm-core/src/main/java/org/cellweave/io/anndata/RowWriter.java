package org.cellweave.io.anndata;

import org.cellweave.data.RowSource;
import org.cellweave.io.binary.Fillers;
import org.cellweave.io.store.GrowingArray;
import org.cellweave.io.store.RowsWriter;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.io.store.StoreWriter;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/** Writes a matrix of which only some rows are in memory at a time. */
final class RowWriter {
  private final long maxLoadedElems;
  private final Progress progress;

  /**
   * @param maxLoadedElems most values in memory at once, zeros counted
   */
  RowWriter(StoreWriter store, long maxLoadedElems, Progress progress) {
    this.maxLoadedElems = maxLoadedElems;
    this.progress = progress;
    if (store.options().isLzf()) {
      throw new IllegalArgumentException(
          "compression must be 'gzip' or none for rows that are written piece by piece, got 'lzf'");
    }
  }

  void write(StoreGroupWriter parent, String name, RowSource rows) {
    if (rows.isSparse()) {
      sparse(parent, name, rows);
    } else {
      dense(parent, name, rows);
    }
  }

  private int rowsAtOnce(RowSource rows) {
    long n = maxLoadedElems / Math.max(1, rows.nCols());
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
      progress.step("rows", to, rows.nRows(), Double.NaN);
    }
  }

  private void sparse(StoreGroupWriter parent, String name, RowSource rows) {
    StoreGroupWriter group = parent.group(name);
    ElementWriter.encoding(group, SparseKind.BY_ROW, SparseKind.VERSION);
    group.attribute(SparseKind.SHAPE, new long[] {rows.nRows(), rows.nCols()});
    DType index = SparseKind.indexType(rows.mostValues());
    GrowingArray data = group.growing("data", rows.dtype(), rows.mostValues());
    GrowingArray indices = group.growing("indices", index, rows.mostValues());
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
    GrowingArray indptr = group.growing("indptr", index, pointers.length);
    indptr.append(pointers.length, Fillers.longs(index, pointers));
    indptr.close();
    group.close();
  }

  private void dense(StoreGroupWriter parent, String name, RowSource rows) {
    RowsWriter array = parent.rows(name, rows.dtype(), rows.nRows(), rows.nCols());
    forPieces(
        rows,
        (from, to) -> {
          DenseMatrix part = rows.rows(from, to).toDense();
          array.write(from, to - from, Fillers.dense(part, name));
        });
    ElementWriter.encoding(array, "array", "0.2.0");
    array.close();
  }
}
