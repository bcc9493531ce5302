package org.cellweave.io.anndata;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import org.cellweave.io.store.SparseReader;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.RowStore;
import org.cellweave.util.Parallel;

/** The rows of a sparse matrix in a store. */
final class FileRows implements RowStore {
  private static final long serialVersionUID = 1;

  private final transient Path file;
  private final transient SparseReader sparse;
  private transient Boolean float32;
  private transient volatile boolean closed;

  FileRows(Path file, SparseReader sparse) {
    this.file = file;
    this.sparse = sparse;
  }

  @Override
  public int nRows() {
    return sparse.nMajor();
  }

  @Override
  public int nCols() {
    return sparse.nMinor();
  }

  @Override
  public DType dtype() {
    return sparse.dtype();
  }

  /** Of a type with more digits than float32 all values are looked at, once. */
  @Override
  public synchronized boolean isFloat32Stored() {
    if (float32 == null) {
      float32 = sparse.fitsFloat32();
    }
    return float32;
  }

  @Override
  public long[] rowPtr() {
    return sparse.pointers();
  }

  @Override
  public CsrMatrix read(int[] rows) {
    if (closed) {
      throw new IllegalStateException(
          "X stays in " + file + ", which was closed; read the object anew");
    }
    Parallel.checkInterrupted();
    return sparse.readMajor(rows, isFloat32Stored());
  }

  @Override
  public String place() {
    return file.toString();
  }

  void close() {
    closed = true;
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("rows of an open file");
  }
}
