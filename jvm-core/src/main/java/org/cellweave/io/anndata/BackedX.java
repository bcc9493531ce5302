package org.cellweave.io.anndata;

import java.nio.file.Path;
import org.cellweave.data.BackedMatrix;
import org.cellweave.io.store.DenseReader;
import org.cellweave.io.store.SparseReader;
import org.cellweave.io.store.StoreArray;
import org.cellweave.io.store.StoreNode;
import org.cellweave.io.store.StoreReader;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.HeldRows;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowStore;
import org.cellweave.util.Check;

/** A matrix that stays in its store; only the rows asked for are read. */
final class BackedX implements BackedMatrix {
  private final StoreReader source;
  private final SparseReader sparse;
  private final boolean byColumn;
  private final StoreArray dense;
  private final int nRows;
  private final int nCols;
  private final FileRows rows;
  private final HeldRows held;

  private BackedX(
      StoreReader source,
      SparseReader sparse,
      String key,
      boolean byColumn,
      StoreArray dense,
      int[] shape) {
    this.source = source;
    this.sparse = sparse;
    this.byColumn = byColumn;
    this.dense = dense;
    this.nRows = shape[0];
    this.nCols = shape[1];
    this.rows = sparse == null || byColumn ? null : new FileRows(source, key, sparse);
    this.held = rows == null ? null : new HeldRows(rows);
  }

  static BackedX open(StoreReader source, StoreNode node, String key) {
    var element = new Element(node, key, Element.Place.MATRIX, 0);
    String type = source.text(node, "encoding-type", key);
    String old = SparseKind.oldFormat(source, element);
    if (node.isGroup()) {
      boolean byColumn = type.equals(SparseKind.BY_COLUMN) || old.equals("csc");
      if (!byColumn && !type.equals(SparseKind.BY_ROW) && !old.equals("csr")) {
        throw source.bad(
            key, "has encoding '" + type + "', which cannot be left in its file; read it whole");
      }
      String shape = type.isEmpty() ? SparseKind.OLD_SHAPE : SparseKind.SHAPE;
      SparseReader sparse = SparseKind.open(source, element, byColumn, shape);
      int[] size =
          byColumn
              ? new int[] {sparse.nMinor(), sparse.nMajor()}
              : new int[] {sparse.nMajor(), sparse.nMinor()};
      return new BackedX(source, sparse, key, byColumn, null, size);
    }
    StoreArray array = source.array(node, key);
    if (array.rank() != 2 || !array.type().isNumeric()) {
      throw source.bad(
          key,
          "is "
              + array.type().describe()
              + " of "
              + array.rank()
              + " dimensions, expected a matrix");
    }
    return new BackedX(source, null, key, false, array, array.shape());
  }

  /** Null when the matrix is dense. */
  SparseReader sparse() {
    return sparse;
  }

  @Override
  public int nRows() {
    return nRows;
  }

  @Override
  public int nCols() {
    return nCols;
  }

  @Override
  public DType dtype() {
    return dense != null ? dense.type().dtype() : sparse.dtype();
  }

  @Override
  public boolean isSparse() {
    return dense == null;
  }

  @Override
  public boolean isByColumn() {
    return byColumn;
  }

  @Override
  public long storedValues() {
    return dense != null ? dense.size() : sparse.size();
  }

  @Override
  public Path file() {
    return source.path();
  }

  @Override
  public RowStore rows() {
    return held;
  }

  @Override
  public Matrix read(int[] rows, int[] cols) {
    checkPositions(rows, nRows, "row");
    checkPositions(cols, nCols, "column");
    if (dense != null) {
      DenseMatrix some =
          rows == null
              ? DenseReader.read(dense, nRows, nCols)
              : DenseReader.readRows(dense, rows, nCols);
      return cols == null ? some : some.takeCols(cols);
    }
    int[] major = byColumn ? cols : rows;
    int[] minor = byColumn ? rows : cols;
    if (major == null) {
      Matrix whole = sparse.read();
      return minor == null ? whole : whole.take(rows, cols);
    }
    CsrMatrix some = sparse.readMajor(major);
    CsrMatrix out = minor == null ? some : some.takeCols(minor);
    return byColumn ? new CscMatrix(out) : out;
  }

  private static void checkPositions(int[] positions, int n, String name) {
    if (positions != null) {
      for (int p : positions) {
        Check.index(p, n, name);
      }
    }
  }

  @Override
  public void close() {
    if (rows != null) {
      rows.close();
      held.forget();
    }
    source.close();
  }
}
