package org.cellweave.io.anndata;

import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.nio.file.Path;
import org.cellweave.io.store.SparseReader;
import org.cellweave.io.store.StoreReader;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.RowStore;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;

/**
 * The rows of a sparse matrix in a store. They travel as a {@link Ticket}: the other side opens the
 * store again when it reads.
 */
final class FileRows implements RowStore {
  private static final long serialVersionUID = 1;

  private final transient Path file;
  private final transient String key;
  private final transient StoreReader.Opener opener;

  /** Null until somebody reads, where the rows come from another process. */
  private transient volatile SparseReader sparse;

  private final transient Ticket ticket;
  private transient Boolean float32;
  private transient volatile boolean closed;

  FileRows(StoreReader source, String key, SparseReader sparse) {
    this.file = source.path();
    this.key = key;
    this.opener = source.opener();
    this.sparse = sparse;
    this.ticket = null;
  }

  private FileRows(Ticket ticket) {
    this.file = Path.of(ticket.file);
    this.key = ticket.key;
    this.opener = ticket.opener;
    this.float32 = ticket.float32;
    this.ticket = ticket;
  }

  @Override
  public int nRows() {
    return ticket != null ? ticket.nRows : sparse.nMajor();
  }

  @Override
  public int nCols() {
    return ticket != null ? ticket.nCols : sparse.nMinor();
  }

  @Override
  public DType dtype() {
    return ticket != null ? ticket.dtype : sparse.dtype();
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
    return reader().pointers();
  }

  @Override
  public CsrMatrix read(int[] rows) {
    if (closed) {
      throw new IllegalStateException(
          "X stays in " + file + ", which was closed; read the object anew");
    }
    Parallel.checkInterrupted();
    return reader().readMajor(rows, isFloat32Stored());
  }

  @Override
  public String place() {
    return file.toString();
  }

  void close() {
    closed = true;
  }

  private SparseReader reader() {
    SparseReader known = sparse;
    if (known == null) {
      known = OpenStores.rows(file, key, opener);
      if (known.nMajor() != ticket.nRows
          || known.nMinor() != ticket.nCols
          || known.size() != ticket.nnz) {
        throw new FormatException(
            file
                + " holds "
                + known.nMajor()
                + " x "
                + known.nMinor()
                + " with "
                + known.size()
                + " values here, but "
                + ticket.nRows
                + " x "
                + ticket.nCols
                + " with "
                + ticket.nnz
                + " where it was opened first; every machine must see the same file");
      }
      sparse = known;
    }
    return known;
  }

  private Object writeReplace() throws ObjectStreamException {
    if (ticket != null) {
      return ticket;
    }
    if (opener == null) {
      throw new NotSerializableException("rows of " + file + ", which only this process can read");
    }
    String place = file.toAbsolutePath().normalize().toString();
    return new Ticket(
        place, key, opener, nRows(), nCols(), sparse.size(), dtype(), isFloat32Stored());
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("rows of a file travel as a ticket");
  }

  /** What another process needs to read the rows. */
  private record Ticket(
      String file,
      String key,
      StoreReader.Opener opener,
      int nRows,
      int nCols,
      long nnz,
      DType dtype,
      boolean float32)
      implements Serializable {
    private Object readResolve() {
      return new FileRows(this);
    }
  }
}
